using System.Text.Json.Serialization;
using Kitaru.Core;

namespace Kitaru.Client;

/// <summary>An execution that a call has started.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Warning">What of the call has no effect.</param>
/// <param name="Held">It, when this very process holds it already; never part of a kept answer.</param>
internal sealed record StartedExecution(ExecutionId Id, string? Warning, [property: JsonIgnore] ExecutionRecord? Held = null);
