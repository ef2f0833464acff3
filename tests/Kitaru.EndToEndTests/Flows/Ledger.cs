
internal static class Ledger
{
    private static readonly Lock Gate = new();

    public static void Note(string path, string line)
    {
        lock (Gate)
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        }
    }
}
