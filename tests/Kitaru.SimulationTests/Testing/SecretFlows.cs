using Microsoft.Extensions.Logging;

namespace Kitaru.SimulationTests.Testing;

/// <summary>Flows that are careless with a secret.</summary>
public static class SecretFlows
{
    [Flow]
    public static async Task<string> Careful()
    {
        var secret = await Flow.SecretAsync("bank");
        var sent = await Send(secret.Get("PIN_CODE")!);
        return $"{sent} and {await Flow.SecretAsync("bank", "USER_NAME") == "alice-in-chains"}";
    }

    [Checkpoint]
    internal static Task<int> Send(string code) => Task.FromResult(code.Length);

    [Flow]
    public static async Task<Report> Careless()
    {
        var code = await Flow.SecretAsync("bank", "PIN_CODE");
        Flow.SetMetadata("code-" + code, new { code, number = 7 });
        Flow.Logger.LogInformation("logged {Code}", code);
        var echoed = await Echo(code);
        await Flow.CheckpointAsync("named " + code, _ => Task.FromResult(1));
        var answer = await Flow.WaitAsync<string>("wait_" + code, $"Is it {code}?", metadata: new() { ["code"] = code });
        return new Report(code, echoed, new() { [code] = answer }, Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("x" + code + "y")));
    }

    [Checkpoint]
    internal static async Task<string> Echo(string code)
    {
        Flow.SetMetadata("code", code);
        await Flow.SaveAsync("file-" + code, new { code }, tags: [code]);
        await Flow.SaveAsync("bytes", System.Text.Encoding.UTF8.GetBytes("x" + code + "y"));
        return "echo " + code;
    }

    [Flow]
    public static async Task<string> Failing()
    {
        await Flow.SecretAsync("bank");
        return await Break();
    }

    [Checkpoint(Retries = 1, BackoffSeconds = 1)]
    internal static async Task<string> Break()
    {
        var secret = await Flow.SecretAsync("bank");
        throw new InvalidOperationException($"cannot log in with {secret.Get("PIN_CODE")}", new ArgumentException(secret.Get("USER_NAME")));
    }

    [Flow]
    public static async Task<string> Missing(string name, string key) => await Flow.SecretAsync(name, key);

    /// <summary>The body is handed the same text before and after another flow let the process know it.</summary>
    [Flow]
    public static async Task<int> Coincidence(string text)
    {
        var length = await Send(text);
        await Flow.WaitAsync<bool>("go_on");
        return length + await Send(text);
    }

    public sealed record Report(string Code, string Echoed, Dictionary<string, string> Map, string Base64);
}
