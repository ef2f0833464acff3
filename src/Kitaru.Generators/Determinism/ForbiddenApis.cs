using Kitaru.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Determinism;

/// <summary>The framework's members that give another value on every run, or reach out of the flow's thread.</summary>
internal static class ForbiddenApis
{
    public static DiagnosticDescriptor? RuleOf(ISymbol member)
    {
        if (member.ContainingType is not { } type || type.ContainingType is not null || type.ContainingNamespace is not { IsGlobalNamespace: false } space)
            return null;
        return InType(space.ToDisplayString() + "." + type.Name, member) ?? InNamespace(space.ToDisplayString(), member);
    }

    private static DiagnosticDescriptor? InType(string type, ISymbol member)
    {
        string name = member.Name;
        switch (type)
        {
            case "System.DateTime" or "System.DateTimeOffset":
                return name is "Now" or "UtcNow" or "Today" ? Rules.Clock : null;
            case "System.TimeProvider":
                return name is "CreateTimer" ? Rules.Timer : name is "GetUtcNow" or "GetLocalNow" or "GetTimestamp" or "GetElapsedTime" ? Rules.Clock : null;
            case "System.Diagnostics.Stopwatch":
                return name is "Frequency" or "IsHighResolution" or "Stop" or "Reset" ? null : Rules.Clock;
            case "System.Environment":
                return name is "TickCount" or "TickCount64" ? Rules.Clock : name is "CurrentManagedThreadId" ? Rules.Threads : name is "NewLine" ? null : Rules.OutsideWorld;
            case "System.Guid":
                return name is "NewGuid" or "CreateVersion7" ? Rules.NewId : null;
            case "System.Random":
                return name is "Shared" || IsConstructor(member, parameters: 0) ? Rules.Chance : null;
            case "System.Security.Cryptography.RandomNumberGenerator" or "System.HashCode":
                return Rules.Chance;
            case "System.String" or "System.Object" or "System.Runtime.CompilerServices.RuntimeHelpers":
                return name is "GetHashCode" ? Rules.Chance : null;
            case "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask":
                return OfTask(name, member);
            case "System.Threading.Tasks.TaskFactory":
                return Rules.Threads;
            case "System.Runtime.CompilerServices.TaskAwaiter" or "System.Runtime.CompilerServices.ValueTaskAwaiter":
                return name is "GetResult" ? Rules.Blocking : null;
            case "System.Threading.Tasks.TaskAsyncEnumerableExtensions":
                return name is "ToBlockingEnumerable" ? Rules.Blocking : null;
            case "System.Threading.Tasks.TimeProviderTaskExtensions" or "System.Threading.PeriodicTimer" or "System.Timers.Timer" or "System.Threading.Timer":
                return Rules.Timer;
            case "System.Threading.CancellationTokenSource":
                return name is "CancelAfter" || (IsConstructor(member) && !IsConstructor(member, parameters: 0)) ? Rules.Timer : null;
            case "System.Threading.Thread":
                return name is "Sleep" ? Rules.Timer : Rules.Threads;
            case "System.Threading.ThreadPool" or "System.Threading.Tasks.Parallel" or "System.Linq.ParallelEnumerable" or "System.ComponentModel.BackgroundWorker":
                return Rules.Threads;
            case "System.Threading.Monitor" or "System.Threading.Lock" or "System.Threading.SpinLock" or "System.Threading.SpinWait" or "System.Threading.Barrier" or
                "System.Threading.ReaderWriterLock" or "System.Threading.ReaderWriterLockSlim" or "System.Collections.Concurrent.BlockingCollection":
                return IsConstructor(member) ? null : Rules.Lock;
            case "System.Threading.SemaphoreSlim" or "System.Threading.WaitHandle" or "System.Threading.Semaphore" or "System.Threading.Mutex" or
                "System.Threading.ManualResetEventSlim" or "System.Threading.CountdownEvent":
                return name.StartsWith("Wait", StringComparison.Ordinal) || name is "SignalAndWait" ? Rules.Lock : null;
            case "System.Threading.Channels.ChannelReader" or "System.Threading.Channels.ChannelWriter":
                return name.EndsWith("Async", StringComparison.Ordinal) || name is "Completion" ? Rules.Lock : null;
            case "System.Console":
                return name is "Read" or "ReadLine" or "ReadKey" or "In" or "KeyAvailable" or "OpenStandardInput" ? Rules.OutsideWorld : null;
            case "System.TimeZoneInfo":
                return name is "Local" ? Rules.OutsideWorld : null;
            case "System.IO.Path":
                return name is "GetRandomFileName" ? Rules.Chance : name is "GetTempFileName" or "GetTempPath" or "Exists" ? Rules.OutsideWorld : null;
            case "System.IO.StreamReader" or "System.IO.StreamWriter":
                return IsConstructor(member) && ((IMethodSymbol)member).Parameters is { Length: > 0 } parameters && parameters[0].Type.SpecialType == SpecialType.System_String ? Rules.OutsideWorld : null;
            case "System.IO.File" or "System.IO.Directory" or "System.IO.FileStream" or "System.IO.DriveInfo" or "System.IO.FileSystemWatcher" or "System.IO.RandomAccess" or
                "System.Diagnostics.Process" or "System.Net.Dns" or "System.Net.WebClient" or "System.Net.WebRequest" or "System.IO.Compression.ZipFile" or "Microsoft.Win32.Registry":
                return Rules.OutsideWorld;
            case "System.IO.FileInfo" or "System.IO.DirectoryInfo" or "System.IO.FileSystemInfo":
                return IsConstructor(member) || name is "Name" or "FullName" or "Extension" or "ToString" ? null : Rules.OutsideWorld;
            default:
                return null;
        }
    }

    private static DiagnosticDescriptor? OfTask(string name, ISymbol member) => name switch
    {
        "Delay" or "WaitAsync" => Rules.Timer,
        "Run" or "ContinueWith" or "Start" => Rules.Threads,
        "Wait" or "WaitAll" or "WaitAny" or "Result" or "RunSynchronously" => Rules.Blocking,
        "Factory" => null,
        _ => IsConstructor(member) && member.ContainingType.Name == "Task" ? Rules.Threads : null,
    };

    private static DiagnosticDescriptor? InNamespace(string space, ISymbol member) =>
        space is "System.Net.Http" or "System.Net.Http.Json" or "System.Net.Sockets" or "System.Net.Mail" or "System.Net.WebSockets" or "System.Net.NetworkInformation" or
            "System.IO.Pipes" or "System.IO.MemoryMappedFiles" or "System.Data" or "System.Data.Common" or "System.IO.IsolatedStorage" &&
        member is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ReducedExtension } && IsWork(member.Name)
            ? Rules.OutsideWorld
            : null;

    // Adding a header or a parameter reaches nowhere; sending does.
    private static bool IsWork(string name) =>
        name.EndsWith("Async", StringComparison.Ordinal) ||
        name is "Send" or "Receive" or "Connect" or "Open" or "Close" or "Read" or "ReadAsStream" or "GetStream" or "ExecuteReader" or "ExecuteScalar" or "ExecuteNonQuery" or
            "Prepare" or "BeginTransaction" or "Commit" or "Rollback" or "Fill" or "Update" or "CreateOrOpen" or "CreateNew" or "OpenExisting" or "CreateFromFile";

    private static bool IsConstructor(ISymbol member, int parameters = -1) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor && (parameters < 0 || constructor.Parameters.Length == parameters);
}
