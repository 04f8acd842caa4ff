using Callroute.Mfa.Testing;
using Callroute.Portal;
using Callroute.Portal.Users;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>What an administrator does at the console, for one user and for many.</summary>
public sealed class AdministrationTests : IAsyncDisposable
{
    private readonly Site<Program> _portal = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Theory]
    [InlineData("--urls http://127.0.0.1:0 --Portal:Store=Sqlite unlock ann@example.com --reason x", "unlock ann@example.com --reason x")]
    [InlineData("unlock --environment Production ann@example.com --LOGGING:LogLevel:Default None", "unlock ann@example.com")]
    [InlineData("--contentRoot=/srv", "")]
    [InlineData("--Portl:Data=x --colour red", "--Portl:Data=x --colour red")]
    [InlineData("reset --urls", "reset")]
    public void Split_SettingsAnywhere_LeavesTheWords(string args, string words)
    {
        var all = args.Split(' ');

        var split = CommandLine.Split(all);

        Assert.Equal(words, string.Join(' ', split.Words));
        Assert.Equal(all.Order(StringComparer.Ordinal), split.Settings.Concat(split.Words).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("remove ann@example.com", "remove")]
    [InlineData("--Portl:Data=x", "--Portl:Data=x")]
    [InlineData("reset ann@example.com --reason stolen --force", "--force")]
    [InlineData("reset ann@example.com", "Option '--reason' is required.")]
    [InlineData("unlock ann@example.com --reason \t", "The reason must have 1 to 200 characters")]
    [InlineData("unlock --list nowhere.txt --reason x", "There is no file nowhere.txt.")]
    [InlineData("require", "Say who: e-mail addresses, or --list.")]
    public void Program_WordsOfNoVerb_AreRefusedWithTheUsage(string args, string fault)
    {
        var (exitCode, output, error) = RunProgram([$"--Portal:Data={_portal.Data}", .. args.Split(' ')]);

        Assert.Equal(1, exitCode);
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_portal.Data));
    }

    [Fact]
    public async Task Program_SettingsBeforeTheVerb_AreTheServers()
    {
        var ann = await EnrolAsync("ann");

        var (exitCode, output, error) = RunProgram(
            "--urls", "http://127.0.0.1:0", $"--Portal:Data={_portal.Data}", "reset", "ann@example.com", "--reason", "Lost phone");

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("1/1 ann@example.com: Multi-Factor Authentication is reset.", output, StringComparison.Ordinal);
        Assert.False(await IsEnabledAsync(ann));
    }

    [Fact]
    public async Task Reset_OfManyWithBrokenRows_NamesThoseThatFailAndResetsTheOthers()
    {
        var (ann, bob, eve) = (await EnrolAsync("ann"), await EnrolAsync("bob"), await EnrolAsync("eve"));
        await ExecuteAsync($"UPDATE callroute_mfa SET document = CAST('{{\"sec' AS BLOB) WHERE user_id = '{ann.UserId}'");
        await ExecuteAsync(
            $"CREATE TRIGGER broken BEFORE UPDATE ON callroute_mfa WHEN NEW.user_id = '{bob.UserId}' "
            + "BEGIN SELECT RAISE(ABORT, 'content of the row'); END");

        var (exitCode, output) = await RunAsync(
            "ann@example.com\nbob@example.com\nnobody@example.com\neve@example.com", "reset", "--list", "-", "--reason", "Stolen keys");

        Assert.Equal(1, exitCode);
        Assert.Equal((false, true, false), (await IsEnabledAsync(ann), await IsEnabledAsync(bob), await IsEnabledAsync(eve)));
        Assert.Contains("2/4 bob@example.com: Failed (SqliteException).", output, StringComparison.Ordinal);
        Assert.EndsWith(
            string.Join(Environment.NewLine, "2 done, 2 failed:", "bob@example.com", "nobody@example.com", string.Empty),
            output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("content of the row", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_ResumedAfterAnInterruption_LeavesOutThoseThatWereReset()
    {
        var (ann, bob) = (await EnrolAsync("ann"), await EnrolAsync("bob"));
        await RunAsync(string.Empty, "reset", "ann@example.com", "--reason", "Stolen keys");
        await EnrolAsync(ann);
        await ExecuteAsync($"UPDATE callroute_mfa SET document = CAST('{{\"sec' AS BLOB) WHERE user_id = '{bob.UserId}'");

        var (exitCode, output) = await RunAsync(
            "ann@example.com\nbob@example.com\r\n\n", "reset", "--list", "-", "--resume", "--reason", " Stolen keys");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("1/2 ann@example.com: Reset for this reason already.", output, StringComparison.Ordinal);
        Assert.EndsWith($"2 done, 0 failed.{Environment.NewLine}", output, StringComparison.Ordinal);
        Assert.Equal((true, false), (await IsEnabledAsync(ann), await IsEnabledAsync(bob)));
    }

    private static (int ExitCode, string Output, string Error) RunProgram(params string[] args) => ExternalProgram.RunAny(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "Portal.dll"), .. args],
        workingDirectory: Path.Combine(Repository.Root, "samples", "Portal"));

    private async Task<(int ExitCode, string Output)> RunAsync(string input, params string[] words)
    {
        using var reader = new StringReader(input);
        await using var output = new StringWriter();
        var exitCode = await Administration.RunAsync(_portal.Services, CommandLine.Parse(words), reader, output);
        return (exitCode, output.ToString());
    }

    private async Task<MfaSubject> EnrolAsync(string name)
    {
        var accounts = _portal.Services.GetRequiredService<Accounts>();
        var user = (await accounts.RegisterAsync($"{name}@example.com", name, "four words in a row", Token))!.Value;
        await EnrolAsync(user);
        return user;
    }

    private async Task EnrolAsync(MfaSubject user)
    {
        var offer = await _portal.Mfa.BeginEnrollmentAsync(
            user, "account", signedInAt: _portal.Clock.GetUtcNow().AddSeconds(1), cancellationToken: Token);
        using var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _portal.Clock);
        Assert.True((await _portal.Mfa.ConfirmEnrollmentAsync(user, offer.EnrollmentId, phone.GetCode(), Token)).Succeeded);
    }

    private async Task<bool> IsEnabledAsync(MfaSubject user) => (await _portal.Mfa.GetStatusAsync(user, Token)).IsEnabled;

    private async Task ExecuteAsync(string sql)
    {
        await using var source = SqliteFactory.Instance.CreateDataSource($"Data Source={Path.Combine(_portal.Data, "portal.db")}");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
