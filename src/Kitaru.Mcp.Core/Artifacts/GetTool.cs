using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Artifacts;

/// <summary>kitaru_artifacts_get.</summary>
internal static class GetTool
{
    private const int BytesMax = 200_000;
    private const int BytesPreset = 32_768;
    private const long OffsetMax = 1L << 40;

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_artifacts_get",
        Title = "Read an artifact",
        Description =
            "Reads one recorded value: JSON as it is (value_format json), a part of a long text as text, bytes as base64. truncated: call again with offset=next_offset until "
            + "that is null. <exec_id>:inputs and <exec_id>:result read an execution's inputs and result.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Text(
                "artifact_id", "Its id (UUID), or <exec_id>:inputs or :result.", required: true,
                example: "0199c0de-0000-7000-8000-000000000000"),
            Argument.Integer("max_bytes", "How many bytes at most.", least: 64, most: BytesMax, preset: BytesPreset),
            Argument.Integer("offset", "First byte; next_offset of the part before.", least: 0, most: OffsetMax, preset: 0),
        ],
        Output = ResultSchema.Object(
            "An artifact with its value.",
            [
                .. ExecutionShapes.ArtifactHead(),
                ("value", Shape.Any("The value, or the part of it from offset on.")),
                ("value_format", Shape.Words("json: a whole JSON value; text: a part of a text; base64: bytes.", ["json", "text", "base64"])),
                ("value_type", Shape.Text("The CLR type it was recorded from.")),
                ("media_type", Shape.Text("application/json, text/plain or application/octet-stream.")),
                ("size_bytes", Shape.Integer("Size of the whole value.")),
                ("hash", Shape.Text("SHA-256 of the whole value.")),
                ("offset", Shape.Integer("The first byte of this part.")),
                ("next_offset", Shape.OrNull(Shape.Integer("Where the next part starts; null at the end."))),
                ("truncated", Shape.Flag("Whether this is only a part.")),
            ]),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var id = call.Text("artifact_id").Trim();
        var artifact = await ArtifactLookup.FindAsync(kitaru, id, cancellationToken);
        var offset = call.IntegerOrNull("offset")!.Value;
        if (offset > artifact.Value.SizeBytes)
            throw ArgumentCheck.Error("offset", $"at most the value's size, {artifact.Value.SizeBytes}", call.Any("offset"), "0");
        var range = await ValueRange.ReadAsync(kitaru.Artifacts, artifact.Value, offset, call.Integer("max_bytes"), cancellationToken);
        var answer = ArtifactJson.WithValue(artifact, range);
        answer["artifact_id"] = id;
        return ToolAnswer.Of(answer);
    }
}
