namespace Kitaru.Client.Connection;

/// <summary>What was read from a file, read again when the file has changed: a look costs one call of the system. What cannot be read is tried every time.</summary>
internal sealed class StampedFile<T>(Func<string, T> read)
{
    private readonly Lock _gate = new();
    private (string Path, DateTime At, long Length)? _stamp;
    private T? _value;

    public T Get(string path)
    {
        var file = new FileInfo(path);
        var stamp = (path, file.LastWriteTimeUtc, file.Exists ? file.Length : Directory.Exists(path) ? -2 : -1);
        lock (_gate)
        {
            if (_stamp == stamp)
                return _value!;
            _stamp = null;
            _value = read(path);
            _stamp = stamp;
            return _value;
        }
    }
}
