using Kitaru.Cli.Commands;
using Spectre.Console;

namespace Kitaru.Cli.Output;

/// <summary>Shows on a terminal that something takes its time, and how far it is; says nothing elsewhere.</summary>
internal static class Working
{
    public static async Task<T> RunAsync<T>(CommandCall call, string title, Func<IProgress<string>?, Task<T>> workAsync)
    {
        if (call.IsJson || !call.Host.IsErrorTerminal || !call.Host.AllowsColor)
            return await workAsync(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(call.Host.Error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                task.IsIndeterminate = true;
                return await workAsync(new Steps(task, title));
            });
    }

    private sealed class Steps(ProgressTask task, string title) : IProgress<string>
    {
        public void Report(string value) => task.Description = Markup.Escape($"{title}: {Clean.Line(value)}");
    }
}
