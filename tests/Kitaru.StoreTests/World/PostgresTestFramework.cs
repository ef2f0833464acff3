using System.ComponentModel;
using System.Reflection;
using Kitaru.PostgresForTests;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Kitaru.StoreTests.PostgresTestFramework", "Kitaru.StoreTests")]

namespace Kitaru.StoreTests;

/// <summary>The tests of this class need a PostgreSQL; where there is none, each of them is skipped and says why.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>xunit as it is, but for tests that need a PostgreSQL: suites are shared, so the class and not the test says what it needs.</summary>
public sealed class PostgresTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider source, IMessageSink messages)
        : XunitTestFrameworkDiscoverer(assembly, source, messages)
    {
        protected override bool FindTestsForMethod(
            ITestMethod testMethod, bool includeSourceInformation, IMessageBus messageBus, ITestFrameworkDiscoveryOptions discoveryOptions)
        {
            var needs = testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any();
            if (!needs || PostgresCluster.Missing is not { } why || !testMethod.Method.GetCustomAttributes(typeof(FactAttribute)).Any())
                return base.FindTestsForMethod(testMethod, includeSourceInformation, messageBus, discoveryOptions);
            return ReportDiscoveredTestCase(new SkippedTestCase(DiagnosticMessageSink, testMethod, why), includeSourceInformation, messageBus);
        }
    }
}

/// <summary>A test that is not run, and why.</summary>
public sealed class SkippedTestCase : XunitTestCase
{
    private string? _why;

    /// <summary>For xunit, which makes one and then fills it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For xunit only.")]
    public SkippedTestCase()
    {
    }

    internal SkippedTestCase(IMessageSink messages, ITestMethod method, string why)
        : base(messages, TestMethodDisplay.ClassAndMethod, TestMethodDisplayOptions.None, method) => _why = why;

    /// <inheritdoc/>
    protected override string GetSkipReason(IAttributeInfo factAttribute) => _why ?? "PostgreSQL is missing";
}
