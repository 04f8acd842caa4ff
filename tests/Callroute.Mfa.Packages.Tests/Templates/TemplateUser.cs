using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>A user of an application of a template, with a client and a phone.</summary>
internal abstract class TemplateUser(TemplateSite site, string name, string accept) : IDisposable
{
    public const string Password = "Four-w0rds-in-a-row";

    private protected readonly CookieClient Client = new(site.Address) { Accept = accept };

    public TemplateSite Site { get; } = site;

    public string Email { get; } = $"{name}@example.com";

    /// <summary>The authenticator app, after the set-up.</summary>
    public VirtualAuthenticator? Phone { get; set; }

    /// <summary>The code that the phone shows after the last one.</summary>
    public async Task<string> NextCodeAsync()
    {
        await Site.AdvanceAsync(TimeSpan.FromSeconds(30));
        return CodeBefore(steps: 0);
    }

    /// <summary>The code that the phone showed some steps of 30 s ago.</summary>
    public string CodeBefore(int steps) => Phone!.GetCodeAt(Site.CodeTime - (steps * TimeSpan.FromSeconds(30)));

    /// <summary>A code that the phone does not show at any time near.</summary>
    public string WrongCode()
    {
        string[] right = [.. Enumerable.Range(-5, 11).Select(CodeBefore)];
        return Enumerable.Range(0, 12).Select(number => $"{number:D6}").First(code => !right.Contains(code));
    }

    /// <summary>The claims of the session.</summary>
    public async Task<string> ReadClaimsAsync()
    {
        using var response = await Client.GetAsync("/claims");
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public virtual void Dispose()
    {
        Phone?.Dispose();
        Client.Dispose();
    }
}
