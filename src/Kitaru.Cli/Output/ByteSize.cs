using System.Globalization;

namespace Kitaru.Cli.Output;

/// <summary>Bytes as people say them.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    public static string Of(long bytes)
    {
        var (number, unit) = ((double)bytes, 0);
        for (; number >= 1000 && unit + 1 < Units.Length; unit++)
            number /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{number.ToString(unit == 0 ? "0" : "0.#", CultureInfo.InvariantCulture)} {Units[unit]}");
    }
}
