using System.Collections.Concurrent;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Builder;

namespace Callroute.Mfa.AspNetCore.Tests.Clients;

/// <summary>
/// The client of docs/getting-started/spa.md, with types made from docs/openapi.json, bearer tokens and another origin, over HTTP.
/// </summary>
public sealed class TypeScriptLifeTests : SiteTest
{
    private const string Origin = "https://app.example.net";
    private const string Sources = "tests/Callroute.Mfa.AspNetCore.Tests/Clients/typescript";

    private readonly ConcurrentDictionary<string, VirtualAuthenticator> _phones = [];

    public TypeScriptLifeTests()
    {
        Site.Set("Callroute:MfaSignIn:AllowedOrigins:0", Origin);
        Site.Map(routes =>
        {
            routes.MapGet("/phone", NextCode);
            routes.MapGet("/sleep", () => Site.Clock.Advance(TimeSpan.FromMinutes(20)));
        });
        Site.UseKestrel(0);
    }

    [Fact]
    public void TypeScriptClient_WholeLife_Works()
    {
        ExternalProgram.Require("node");
        ExternalProgram.Require("npm");
        using var http = Site.CreateClient();
        var folder = Directory.CreateDirectory(Path.Combine(Site.Data, "typescript")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, Sources))
            .Append(Path.Combine(Repository.Root, "docs/openapi.json")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        Run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        Run(folder, "npm", "run", "build");
        Run(folder, "node", "life.js", http.BaseAddress!.OriginalString.TrimEnd('/'), Origin);
    }

    private static void Run(string folder, string program, params string[] arguments)
    {
        var (exitCode, output, error) = ExternalProgram.RunAny(program, arguments, workingDirectory: folder);
        Assert.True(exitCode == 0, $"{program} {arguments[0]} exited with {exitCode}: {output}{error}");
    }

    private string NextCode(string uri)
    {
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        return _phones.GetOrAdd(uri, it => VirtualAuthenticator.Scan(it, Site.Clock)).GetCode();
    }
}
