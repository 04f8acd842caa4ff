using System.Net;
using Callroute.Portal.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>What guessing at passwords comes to.</summary>
public sealed class PasswordTests : IAsyncDisposable
{
    private const string Password = "four words in a row";

    // More than any limit: time gives some attempts back while the test runs.
    private const int Many = 300;

    private readonly Site<Program> _portal = new();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task SignIn_StrangerGuessesAtOneAccount_IsStoppedButTheOwnersBrowserIsNot()
    {
        using var owner = Arrive();
        await PostAsync(owner, "/register", ("Name", "Ann"), ("Email", "ann@example.com"), ("Password", Password));
        using var stranger = Arrive();
        stranger.DefaultRequestHeaders.Add("Cookie", "__Host-portal-browser=made-up");

        var guesses = await GuessAsync(stranger, _ => "Ann@example.com");
        using var stopped = await SignInAsync(stranger, "ann@example.com", Password);
        using var other = await SignInAsync(stranger, "bob@example.com", Password);
        using var usual = await SignInAsync(owner, "ann@example.com", Password);

        Assert.InRange(guesses, 10, 50);
        Assert.Equal(HttpStatusCode.TooManyRequests, stopped.StatusCode);
        Assert.InRange(stopped.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var page = await stopped.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Too many passwords were tried", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, usual.StatusCode);
    }

    [Fact]
    public async Task SignIn_OneAddressGuessesAtManyAccounts_IsStopped()
    {
        using var stranger = Arrive();

        var guesses = await GuessAsync(stranger, i => $"user{i}@example.com");

        Assert.InRange(guesses, 100, Many - 1);
    }

    [Theory]
    [InlineData("ann@example.com", "not the password", 1)]
    [InlineData("nobody@example.com", "not the password", 1)]
    [InlineData("ann@example.com", null, 0)]
    [InlineData("nobody@example.com", null, 0)]
    public async Task SignIn_WhoeverItIs_CostsTheSameHashes(string email, string? password, int hashes)
    {
        // Only in development is there a demo user, whose password is hashed beside the test.
        _portal.Set("environment", "Production");
        var hasher = new CountingHasher();
        _portal.Add(services => services.AddSingleton<PasswordHasher<PortalUser>>(hasher));
        await _portal.Services.GetRequiredService<Accounts>()
            .RegisterAsync("ann@example.com", "Ann", Password);
        using var client = Arrive();
        hasher.Count = 0;

        using var answer = await SignInAsync(client, email, password ?? string.Empty.PadLeft(Accounts.LongestPassword + 1));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(hashes, hasher.Count);
    }

    private HttpClient Arrive() => _portal.CreateClient(new() { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });

    private static async Task<int> GuessAsync(HttpClient client, Func<int, string> email)
    {
        for (var i = 0; i < Many; i++)
        {
            using var answer = await SignInAsync(client, email(i), "a guess");
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return i;
            }
        }

        return Many;
    }

    /// <returns>The page that the form leads to: the same one after a refusal.</returns>
    private static async Task<HttpResponseMessage> SignInAsync(HttpClient client, string email, string password)
    {
        var answer = await PostAsync(client, "/signin", ("email", email), ("password", password));
        return answer.Headers.Location?.ToString() == "/signin"
            ? await client.GetAsync("/signin", TestContext.Current.CancellationToken)
            : answer;
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(
            path,
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            TestContext.Current.CancellationToken);

    private sealed class CountingHasher() : PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1 }))
    {
        public int Count { get; set; }

        public override string HashPassword(PortalUser user, string password)
        {
            Count++;
            return base.HashPassword(user, password);
        }

        public override PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
        {
            Count++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
