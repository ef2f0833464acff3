using System.Text;

namespace Kitaru.Cli.Running;

/// <summary>Reads a line from the terminal without showing it.</summary>
internal static class HiddenInput
{
    private const int CharsMax = 4096;

    public static async Task<string?> ReadAsync(CancellationToken cancellationToken) => await Task.Run(Read, cancellationToken).WaitAsync(cancellationToken);

    private static string Read()
    {
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace && text.Length > 0)
                text.Length--;
            else if (!char.IsControl(key.KeyChar) && text.Length < CharsMax)
                text.Append(key.KeyChar);
        }
        return text.ToString();
    }
}
