namespace Kitaru.UnitTests.Generators;

/// <summary>The source of a small assembly named Kitaru, whose CheckpointCalls write down every call and then make it.</summary>
internal static class FakeKitaru
{
    public const string Source = """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Kitaru
        {
            [AttributeUsage(AttributeTargets.Method, Inherited = false)]
            public sealed class FlowAttribute : Attribute
            {
                public string? Name { get; set; }
                public string? Stack { get; set; }
                public string? Image { get; set; }
                public bool Cache { get; set; }
                public int Retries { get; set; }
            }

            [AttributeUsage(AttributeTargets.Method, Inherited = false)]
            public sealed class CheckpointAttribute : Attribute
            {
                public string? Name { get; set; }
                public int Retries { get; set; }
                public double BackoffSeconds { get; set; } = 1;
                public double BackoffFactor { get; set; } = 2;
                public double MaxBackoffSeconds { get; set; } = 60;
                public string? Type { get; set; }
                public double TimeoutSeconds { get; set; }
                public bool Cache { get; set; }
            }
        }

        namespace Kitaru
        {
            public sealed record CheckpointOptions(string? Key = null);

            public sealed class CheckpointFailedException : Exception
            {
                public bool IsCausedBy<T>() where T : Exception => InnerException is T;
            }

            public static class Flow
            {
                public static DateTimeOffset UtcNow => default;
                public static Random Random { get; } = new(1);
                public static Guid NewGuid() => default;
                public static CancellationToken CancellationToken => default;
                public static Task<T> WaitAsync<T>(string? name = null, string? question = null, TimeSpan? timeout = null) => Task.FromResult<T>(default!);
                public static Task SleepAsync(TimeSpan duration) => Task.CompletedTask;
                public static Task SleepUntilAsync(DateTimeOffset due) => Task.CompletedTask;
                public static Task<T> CheckpointAsync<T>(string name, Func<CancellationToken, Task<T>> body, CheckpointOptions? options = null, CancellationToken cancellationToken = default) => body(cancellationToken);
                public static Task CheckpointAsync(string name, Func<CancellationToken, Task> body, CheckpointOptions? options = null, CancellationToken cancellationToken = default) => body(cancellationToken);
                public static void SetMetadata<T>(string key, T value) { }
                public static Task SaveAsync<T>(string name, T value) => Task.CompletedTask;
                public static Task<string> SecretAsync(string name, string key) => Task.FromResult("");
                public static Task<T> LoadAsync<T>(Guid id, string name) => Task.FromResult<T>(default!);
            }
        }

        namespace Kitaru.Runtime
        {
            [AttributeUsage(AttributeTargets.Assembly)]
            public sealed class KitaruManifestAttribute(string json) : Attribute
            {
                public string Json { get; } = json;
            }

            public sealed record CheckpointDefinition(string Name)
            {
                public int Retries { get; init; }
                public double BackoffSeconds { get; init; } = 1;
                public double BackoffFactor { get; init; } = 2;
                public double MaxBackoffSeconds { get; init; } = 60;
                public string? Type { get; init; }
                public double TimeoutSeconds { get; init; }
                public bool? Cache { get; init; }
                public string? Method { get; init; }
                public string[] Parameters { get; init; } = [];
            }

            public static class CheckpointCalls
            {
                public static List<string> Log { get; } = [];
                public static List<CheckpointDefinition> Definitions { get; } = [];
                public static CancellationToken Token { get; set; }

                public static Task<T> RunAsync<T>(CheckpointDefinition d, object?[] a, CancellationToken c, Func<CancellationToken, Task<T>> body) => body(Note("Task<>", d, a, c));
                public static Task RunAsync(CheckpointDefinition d, object?[] a, CancellationToken c, Func<CancellationToken, Task> body) => body(Note("Task", d, a, c));
                public static ValueTask<T> RunValueAsync<T>(CheckpointDefinition d, object?[] a, CancellationToken c, Func<CancellationToken, ValueTask<T>> body) => body(Note("ValueTask<>", d, a, c));
                public static ValueTask RunValueAsync(CheckpointDefinition d, object?[] a, CancellationToken c, Func<CancellationToken, ValueTask> body) => body(Note("ValueTask", d, a, c));
                public static T Run<T>(CheckpointDefinition d, object?[] a, CancellationToken c, Func<CancellationToken, T> body) => body(Note("value", d, a, c));
                public static void Run(CheckpointDefinition d, object?[] a, CancellationToken c, Action<CancellationToken> body) => body(Note("void", d, a, c));

                private static CancellationToken Note(string shape, CheckpointDefinition definition, object?[] arguments, CancellationToken token)
                {
                    var pairs = new List<string>();
                    for (int i = 0; i < arguments.Length; i++)
                        pairs.Add(definition.Parameters[i] + "=" + Text(arguments[i]));
                    lock (Log)
                    {
                        Log.Add(shape + " " + definition.Name + "(" + string.Join(", ", pairs) + ")");
                        Definitions.Add(definition);
                    }

                    return Token.CanBeCanceled ? Token : token;
                }

                private static string Text(object? value) => value switch
                {
                    null => "null",
                    string text => text,
                    System.Collections.IEnumerable items => "[" + string.Join(",", System.Linq.Enumerable.Cast<object>(items)) + "]",
                    _ => value.ToString()!,
                };
            }
        }
        """;
}
