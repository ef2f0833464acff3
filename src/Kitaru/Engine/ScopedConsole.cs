using System.Runtime.CompilerServices;
using System.Text;

namespace Kitaru.Engine;

/// <summary>
/// Console output of a flow body or checkpoint, line by line into the execution's log. Unfinished lines are kept per scope, so that
/// parallel checkpoints never mix. Output of no scope goes where it always went.
/// </summary>
internal sealed class ScopedConsole(TextWriter outside, string level, bool alsoOutside) : TextWriter
{
    private static readonly ConditionalWeakTable<object, Lines> Unfinished = [];

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Puts the writers in place of the console's.</summary>
    public static void Install(bool alsoOutside)
    {
        if (Console.Out is not ScopedConsole)
            Console.SetOut(new ScopedConsole(Console.Out, "INFO", alsoOutside));
        if (Console.Error is not ScopedConsole)
            Console.SetError(new ScopedConsole(Console.Error, "ERROR", alsoOutside));
    }

    /// <summary>Sends what a scope has printed without ending the line.</summary>
    public static void EndLines(object scope)
    {
        if (Unfinished.TryGetValue(scope, out var lines))
            lines.End();
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var scope = (object?)FlowScope.Checkpoint ?? FlowScope.FlowBody;
        // Where something must be masked it goes out by whole lines: a value may come in pieces.
        var byLine = alsoOutside && FlowScope.Run?.Mask is not null;
        if (scope is null || (alsoOutside && !byLine))
            outside.Write(buffer);
        if (scope is not null)
            Unfinished.GetValue(scope, static key => new Lines(key)).Add(level, buffer, byLine ? outside : null);
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        Write(buffer);
        Write("\n");
    }

    public override void Flush() => outside.Flush();

    /// <summary>The unfinished lines of one scope, one for each level.</summary>
    private sealed class Lines(object scope)
    {
        private readonly Dictionary<string, StringBuilder> _byLevel = [];
        private readonly Dictionary<string, TextWriter> _echoes = [];

        public void Add(string level, ReadOnlySpan<char> text, TextWriter? echo)
        {
            lock (_byLevel)
            {
                if (!_byLevel.TryGetValue(level, out var line))
                    _byLevel[level] = line = new StringBuilder();
                if (echo is not null)
                    _echoes[level] = echo;
                while (text.IndexOf('\n') is var end && end >= 0)
                {
                    line.Append(text[..end]);
                    Send(level, line);
                    text = text[(end + 1)..];
                }
                line.Append(text);
            }
        }

        public void End()
        {
            lock (_byLevel)
            {
                foreach (var (level, line) in _byLevel)
                {
                    if (line.Length > 0)
                        Send(level, line);
                }
            }
        }

        private void Send(string level, StringBuilder line)
        {
            if (line.Length > 0 && line[^1] == '\r')
                line.Length--;
            var text = line.ToString();
            if (_echoes.TryGetValue(level, out var echo))
                echo.WriteLine(FlowScope.RunOf(scope)?.Mask?.Apply(text) ?? text);
            ScopedLog.Write(scope, level, text, module: null);
            line.Clear();
        }
    }
}
