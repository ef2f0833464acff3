using System.Runtime.CompilerServices;

namespace Kitaru.CliTests;

/// <summary>A text that is checked in, so that every change of it is seen. KITARU_UPDATE_SNAPSHOTS=1 renews it.</summary>
internal static class SnapshotFile
{
    /// <summary>Compares a text with a file beside the test's source.</summary>
    public static void ShouldMatch(string text, string name, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, name);
        if (Environment.GetEnvironmentVariable("KITARU_UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        File.Exists(path).ShouldBeTrue($"{name} is missing: write it with KITARU_UPDATE_SNAPSHOTS=1.");
        text.ReplaceLineEndings("\n").ShouldBe(File.ReadAllText(path).ReplaceLineEndings("\n"), $"Renew {name} with KITARU_UPDATE_SNAPSHOTS=1 and look at the difference.");
    }
}
