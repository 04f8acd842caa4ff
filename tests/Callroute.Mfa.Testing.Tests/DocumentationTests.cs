namespace Callroute.Mfa.Testing.Tests;

public sealed class DocumentationTests
{
    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Callroute.Mfa.Core.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([FindRoot(AppContext.BaseDirectory), .. path]));

    [Fact]
    public void StoresPage_XunitExample_IsOurOwnTest()
    {
        var source = Read("tests", "Callroute.Mfa.Testing.Tests", "InMemoryMfaStoreTests.cs");
        var example = source[source.IndexOf("public sealed class", StringComparison.Ordinal)..];

        Assert.Contains($"```csharp\n{example}```", Read("docs", "stores.md"), StringComparison.Ordinal);
    }
}
