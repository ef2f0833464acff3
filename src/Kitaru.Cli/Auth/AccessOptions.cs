using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Core;

namespace Kitaru.Cli.Auth;

/// <summary>What lists of accounts and of keys take.</summary>
internal sealed class AccessOptions
{
    public Paging Paging { get; } = new();

    public Switch Active { get; } = new("active", "Only active ones.", "Only inactive ones.");

    public Option<string?> Name { get; } = CommonOptions.Text("--name", "NAME", "Only the one of exactly this name.");

    public AccessQuery Query(CommandCall call) => new() { Name = call.Get(Name), IsActive = Active.Get(call), Page = Paging.PageOf(call), Size = Paging.SizeOf(call) };

    public void AddTo(LeafCommand command)
    {
        command.Add(Active);
        command.Add(Name);
        command.Add(Paging.Page);
        command.Add(Paging.Size);
    }
}
