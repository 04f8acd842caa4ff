using Callroute.Mfa.Tests;

namespace Callroute.Mfa.Testing.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void StoresPage_XunitExample_IsOurOwnTest()
    {
        var source = Repository.Read("tests/Callroute.Mfa.Testing.Tests/InMemoryMfaStoreTests.cs");
        var example = source[source.IndexOf("public sealed class", StringComparison.Ordinal)..];

        Assert.Contains($"```csharp\n{example}```", Repository.Read("docs/stores.md"), StringComparison.Ordinal);
    }
}
