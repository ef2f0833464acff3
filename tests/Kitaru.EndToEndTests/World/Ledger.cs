namespace Kitaru.EndToEndTests.World;

/// <summary>What checkpoints really did, in the order they did it: one line per side effect, written by the flows themselves.</summary>
internal sealed class Ledger(string path)
{
    public IReadOnlyList<string> Lines
    {
        get
        {
            if (!File.Exists(path))
                return [];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    public int Count(string line) => Lines.Count(each => each == line);

    public Task HasAsync(string line) => Until.TrueAsync(() => Count(line) > 0, $"the ledger says '{line}'");

    public Task HasLinesAsync(int count) => Until.TrueAsync(() => Lines.Count >= count, $"the ledger has {count} lines");
}
