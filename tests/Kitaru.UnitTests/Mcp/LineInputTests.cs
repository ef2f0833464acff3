using System.Text;
using Kitaru.Mcp.Hosting;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

public sealed class LineInputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public async Task Read_InPiecesOfAnySize_HasTheSameMessages(int piece)
    {
        var text = string.Join("\n", Ping(1), "", " \r", Ping(2) + "\r", Ping(3));
        (await ReadAsync(text, piece)).Select(message => ((JsonRpcRequest)message).Id.ToString()).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task Read_LinesLongerThanTheBuffer_AreWhole()
    {
        var lines = Enumerable.Range(1, 5).Select(i => Ping(i, new string('x', i * 50_000)));
        var messages = await ReadAsync(string.Join("\n", lines) + "\n", 10_000);
        messages.Select(message => ((JsonRpcRequest)message).Params!["text"]!.ToString().Length).ShouldBe([50_000, 100_000, 150_000, 200_000, 250_000]);
    }

    [Fact]
    public async Task Read_WhatIsNoMessage_IsRefusedWhenItHasAnId()
    {
        var refused = new List<JsonRpcError>();
        var messages = await ReadAsync($"not json\n[]\n{{\"jsonrpc\":\"2.0\",\"id\":5}}\n{{\"jsonrpc\":\"2.0\",\"id\":\"a\"}}\n{{\"id\"\n{Ping(6)}\n", 100, refused.Add);
        messages.ShouldHaveSingleItem();
        refused.Select(error => (error.Id.ToString(), error.Error.Code)).ShouldBe([("5", -32700), ("a", -32700)]);
    }

    private static string Ping(int id, string text = "") => $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"ping\",\"params\":{{\"text\":\"{text}\"}}}}";

    private static async Task<List<JsonRpcMessage>> ReadAsync(string text, int piece, Action<JsonRpcError>? refuse = null)
    {
        await using var source = new PieceStream(Encoding.UTF8.GetBytes(text), piece);
        await using var input = new LineInput(source);
        input.Start(refuse ?? (_ => { }));
        var messages = new List<JsonRpcMessage>();
        await foreach (var message in input.MessageReader.ReadAllAsync())
            messages.Add(message);
        return messages;
    }

    /// <summary>Gives at most so many bytes at once.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
