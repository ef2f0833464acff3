using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Diagnostics;

/// <summary>
/// Every diagnostic. The table is frozen: an id is never reused, and docs/diagnostics.md says of each what to do.
/// KIT0xx are about how flows and checkpoints are written, KIT1xx about what a flow body may do.
/// </summary>
internal static class Rules
{
    private const string Authoring = "Kitaru.Authoring";
    private const string Determinism = "Kitaru.Determinism";
    private const string Help = "docs/diagnostics.md#";

    public static readonly DiagnosticDescriptor LocalFunction = new(
        "KIT001", "A flow or checkpoint must be a method of a type",
        "'{0}' is a local function, which cannot be recorded; methods beside top-level statements are local functions too. Move it into a class, for example 'static class Steps'.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit001");

    public static readonly DiagnosticDescriptor MethodGroup = new(
        "KIT002", "A checkpoint must be called directly",
        "'{0}' is used as a delegate here, and calls through a delegate are not recorded. Write a lambda that calls it.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit002");

    public static readonly DiagnosticDescriptor DynamicCall = new(
        "KIT003", "A checkpoint cannot be called dynamically",
        "This dynamic call may reach checkpoint '{0}', and dynamic calls are not recorded. Cast to the static type first.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit003");

    public static readonly DiagnosticDescriptor AttributeElsewhere = new(
        "KIT004", "The called declaration has no [Checkpoint]",
        "The call goes through '{0}', which is no checkpoint; only '{1}' is. Put [Checkpoint] on '{0}' as well.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit004");

    public static readonly DiagnosticDescriptor BaseCall = new(
        "KIT005", "A checkpoint cannot be called through base",
        "'base.{0}' cannot be recorded. Move the shared code into an ordinary method that both call, or call the checkpoint without 'base.'.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit005");

    public static readonly DiagnosticDescriptor StructReceiver = new(
        "KIT006", "A checkpoint cannot be an instance method of a struct",
        "'{0}' is called on a struct or on a type parameter that may be one; a recorded call would work on a copy. Make the type a class or the method static.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit006");

    public static readonly DiagnosticDescriptor ByReference = new(
        "KIT007", "A flow or checkpoint takes and returns plain values",
        "'{0}' cannot be recorded: {1}. Pass values and return a result.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit007");

    public static readonly DiagnosticDescriptor HiddenType = new(
        "KIT008", "A checkpoint's signature must be visible to generated code",
        "'{0}' uses '{1}', which generated code cannot name because it is private, protected or file-local. Make it internal.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit008");

    public static readonly DiagnosticDescriptor UnsupportedMember = new(
        "KIT009", "This kind of member cannot be a flow or checkpoint",
        "'{0}' is {1}, which cannot be recorded. Write an ordinary method.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit009");

    public static readonly DiagnosticDescriptor LazyResult = new(
        "KIT010", "A flow or checkpoint must return a finished value",
        "'{0}' returns {1}, which is computed only while somebody reads it. Return a list.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit010");

    public static readonly DiagnosticDescriptor AsyncVoid = new(
        "KIT011", "A flow or checkpoint must not be async void",
        "'{0}' is async void: nobody could await it or see it fail. Return Task.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit011");

    public static readonly DiagnosticDescriptor GenericFlow = new(
        "KIT012", "A flow must not be generic",
        "Flow '{0}' has type parameters, or its type has; a flow is started by name and nobody would give them",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit012");

    public static readonly DiagnosticDescriptor DuplicateFlow = new(
        "KIT013", "Two flows have the same name",
        "Flow '{0}' is already declared by '{1}'. Give one of them another name with [Flow(Name = \"...\")].",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit013", customTags: [WellKnownDiagnosticTags.CompilationEnd]);

    public static readonly DiagnosticDescriptor BadOption = new(
        "KIT014", "An option of the attribute is out of range",
        "{0} must be {1}; it is {2}",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit014");

    public static readonly DiagnosticDescriptor ReservedInput = new(
        "KIT015", "The input's name is reserved",
        "'{0}' is the name of an execution option; a flow with such an input cannot be deployed. Rename the parameter.",
        Authoring, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kit015");

    public static readonly DiagnosticDescriptor InputNotJson = new(
        "KIT016", "A flow's input must be JSON",
        "Input '{0}' of flow '{1}' cannot be read from JSON: {2}",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit016");

    public static readonly DiagnosticDescriptor ResultNotJson = new(
        "KIT017", "A result must survive being recorded",
        "The result of '{0}' cannot be recorded: {1}. Return plain data.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit017");

    public static readonly DiagnosticDescriptor BadName = new(
        "KIT018", "The name of a flow or checkpoint is malformed",
        "'{0}' is no name for a flow or checkpoint: it must begin with a letter or _, hold only letters, digits, '_', '-' and '.', and be at most 200 characters long",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit018");

    public static readonly DiagnosticDescriptor OnlyInFlowBody = new(
        "KIT019", "This works only in a flow body",
        "'{0}' works only in a flow body, but {1} runs it in a checkpoint, which is recorded as a whole. Call it before or after the checkpoint.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit019");

    public static readonly DiagnosticDescriptor OnlyInCheckpoint = new(
        "KIT020", "This works only in a checkpoint",
        "'{0}' works only in a checkpoint, but {1} runs it in a flow body. Move it into a [Checkpoint] method.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit020");

    public static readonly DiagnosticDescriptor SpecificCatch = new(
        "KIT021", "A checkpoint's failure arrives as CheckpointFailedException",
        "'catch ({0})' in {1} sees no failure of a checkpoint: after a re-run the original exception no longer exists. Write catch (CheckpointFailedException e) when (e.IsCausedBy<{0}>()).",
        Authoring, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kit021");

    public static readonly DiagnosticDescriptor FlowAndCheckpoint = new(
        "KIT022", "A method is a flow or a checkpoint, not both",
        "'{0}' is marked as a flow and as a checkpoint. Take one attribute away.",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit022");

    public static readonly DiagnosticDescriptor CallForm = new(
        "KIT023", "A checkpoint cannot be called in this form",
        "This form of call of '{0}' cannot be recorded. Call it by its plain name: {0}(...).",
        Authoring, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit023");

    public static readonly DiagnosticDescriptor Clock = new(
        "KIT101", "A flow body must not read the clock",
        "'{0}' in {1} has another value on every re-run. Use Flow.UtcNow.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit101");

    public static readonly DiagnosticDescriptor NewId = new(
        "KIT102", "A flow body must not make ids",
        "'{0}' in {1} has another value on every re-run. Use Flow.NewGuid().",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit102");

    public static readonly DiagnosticDescriptor Chance = new(
        "KIT103", "A flow body must not use chance",
        "'{0}' in {1} has another value on every re-run. Use Flow.Random.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit103");

    public static readonly DiagnosticDescriptor Timer = new(
        "KIT104", "A flow body must not use timers",
        "'{0}' in {1} is a timer that no record knows. Use await Flow.SleepAsync(...), or put it into a checkpoint.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit104");

    public static readonly DiagnosticDescriptor Threads = new(
        "KIT105", "A flow body must not start threads",
        "'{0}' in {1} leaves the flow's single thread. Start checkpoints and await them together with Task.WhenAll.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit105");

    public static readonly DiagnosticDescriptor ConfigureAwait = new(
        "KIT106", "A flow body must keep its context",
        "'{0}' in {1} continues off the flow's single thread. Remove it.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit106");

    public static readonly DiagnosticDescriptor Blocking = new(
        "KIT107", "A flow body must not block",
        "'{0}' in {1} blocks the thread that would deliver the result. Use await.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit107");

    public static readonly DiagnosticDescriptor UnrecordedAwait = new(
        "KIT108", "An await in a flow body must be recorded",
        "'{0}' in {1} is asynchronous work that no record knows. Put it into a checkpoint.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit108");

    public static readonly DiagnosticDescriptor OutsideWorld = new(
        "KIT109", "A flow body must not touch the outside world",
        "'{0}' in {1} reads or changes the outside world, again on every re-run. Put it into a checkpoint.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit109");

    public static readonly DiagnosticDescriptor StaticState = new(
        "KIT110", "A flow body must not use static state",
        "'{0}' in {1} is static and can change; a re-run in another process finds another value. Pass it as an input, or read it in a checkpoint.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit110");

    public static readonly DiagnosticDescriptor Lock = new(
        "KIT111", "A flow body must not wait for locks",
        "'{0}' in {1} waits for something that no record knows. The body runs on one thread and needs no lock; what is shared belongs into a checkpoint.",
        Determinism, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help + "kit111");

    public static readonly DiagnosticDescriptor EndlessLoop = new(
        "KIT112", "An endless loop in a flow body should wait for something",
        "This loop in {1} never ends and never waits: it awaits nothing and has no way out. Call a checkpoint, Flow.WaitAsync or Flow.SleepAsync in it.",
        Determinism, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help + "kit112");
}
