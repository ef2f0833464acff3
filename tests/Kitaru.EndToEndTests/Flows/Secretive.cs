using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Kitaru;
using Microsoft.Extensions.Logging;

public static class Secretive
{
    [Flow]
    public static async Task<object> Tells()
    {
        var code = await Flow.SecretAsync("vault", "VAULT_CODE");
        Console.WriteLine("body " + code);
        Flow.Logger.LogInformation("body logs {Code}", code);
        Flow.SetMetadata("code", new { code });
        var token = await Use(code);
        var answer = await Flow.WaitAsync<string>("ask", $"Is {code} right, or {token}?", metadata: new JsonObject { ["code"] = code });
        return new { code, token, answer, encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(code)), url = Uri.EscapeDataString(code) };
    }

    [Checkpoint]
    internal static async Task<string> Use(string code)
    {
        var token = Environment.GetEnvironmentVariable("ENV_TOKEN") ?? "no token";
        Console.WriteLine("step " + token);
        Console.Error.WriteLine("step error " + token + code);
        Flow.SetMetadata("token", token);
        await Flow.SaveAsync("small", new { token, code });
        await Flow.SaveAsync("large", new string('x', 100_000) + token);
        await Flow.SaveAsync("bytes", Encoding.UTF8.GetBytes(code + "\n" + token));
        using (var raw = Console.OpenStandardOutput())
            raw.Write(Encoding.UTF8.GetBytes("raw " + token + "\n"));
        using var child = Process.Start(new ProcessStartInfo("sh", ["-c", "echo \"child $ENV_TOKEN\"; echo \"child error $ENV_TOKEN\" >&2; printf %s \"$ENV_TOKEN\" | base64; env"]))!;
        await child.WaitForExitAsync();
        return $"{token}|{code}|{token.Length}";
    }

    [Flow]
    public static async Task<string> Throws() => await Fail(await Flow.SecretAsync("vault", "VAULT_CODE"));

    [Checkpoint(Retries = 1, BackoffSeconds = 0)]
    internal static Task<string> Fail(string code) =>
        throw new InvalidOperationException("cannot use " + code, new ArgumentException(Environment.GetEnvironmentVariable("ENV_TOKEN")));

    [Flow]
    public static async Task<string> Crashes(string ledger) => await CrashOnce(ledger);

    [Checkpoint]
    internal static async Task<string> CrashOnce(string ledger)
    {
        var token = Environment.GetEnvironmentVariable("ENV_TOKEN");
        if (File.Exists(ledger))
            return "survived";
        File.WriteAllText(ledger, "");
        new Thread(() => throw new InvalidOperationException("last words " + token)).Start();
        await Task.Delay(Timeout.Infinite, Flow.CancellationToken);
        return "";
    }

    [Flow]
    public static async Task<string> Late() => await PrintLate();

    /// <summary>The first secret of the process, read in the middle of its life.</summary>
    [Checkpoint]
    internal static async Task<string> PrintLate()
    {
        Console.Out.Flush();
        var code = await Flow.SecretAsync("vault", "VAULT_CODE");
        using (var raw = Console.OpenStandardError())
            raw.Write(Encoding.UTF8.GetBytes("late raw " + code + "\n"));
        var thread = new Thread(() => Console.WriteLine("late thread " + code));
        thread.UnsafeStart();
        thread.Join();
        var start = new ProcessStartInfo("sh", ["-c", "echo \"late child $CODE\""]);
        start.Environment["CODE"] = code;
        using var child = Process.Start(start)!;
        await child.WaitForExitAsync();
        return Environment.GetEnvironmentVariable("KITARU_SECRETS_KEYS") ?? "no keys";
    }

    [Flow]
    public static async Task<int> Length() => await TokenLength();

    [Checkpoint]
    internal static Task<int> TokenLength() => Task.FromResult(Environment.GetEnvironmentVariable("ENV_TOKEN")!.Length);
}
