using System.Collections.Concurrent;
using System.Globalization;
using Callroute.Mfa.AspNetCore.Identity.Import;
using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>Users of plain Identity keep their phones and recovery codes. The steps are those of docs/upgrading-from-identity.md.</summary>
public sealed class MovingTests : IAsyncLifetime
{
    private const string Provider = "Authenticator";

    private IdentitySite _plain = null!;
    private IdentitySite? _next;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Plain Identity reads the system's clock.
    public async ValueTask InitializeAsync()
    {
        _plain = await IdentitySite.StartPlainAsync();
        _plain.Clock.Advance(TimeProvider.System.GetUtcNow() - _plain.Clock.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        await (_next?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _plain.DisposeAsync();
    }

    [Fact]
    public async Task Upgrade_StepByStep_NobodyLosesAPhoneOrACode()
    {
        var ann = await StockUserAsync(IdentitySite.Ann);
        var bob = await StockUserAsync("bob@example.com");

        // 1. Both versions run.
        await using var kept = await _plain.StartNextAsync(options => options.KeepIdentityRows = true);
        var shared = ann.Phone.GetCode();
        Assert.True(await ann.VerifyAsync(kept, shared));
        Assert.False(await ann.VerifyAsync(kept, shared));
        Assert.True(await ann.VerifyAsync(_plain, shared));
        Assert.True(await ann.RedeemAsync(kept, ann.Codes[0]));
        Assert.False(await ann.RedeemAsync(_plain, ann.Codes[0]));
        Assert.True(await ann.RedeemAsync(_plain, ann.Codes[1]));

        // 2. Everybody else.
        Assert.Equal((1, $"{bob.Id}: not moved yet"), await RunAsync(kept, "report"));
        Assert.Equal((0, "2 of 2 users, 0 listed below, 0:00:00 left"), await RunAsync(kept, "import"));
        Assert.Equal((0, "2 of 2 users, 0 listed below, 0:00:00 left"), await RunAsync(kept, "report"));
        Assert.False(await bob.VerifyAsync(kept, bob.Phone.GetCode()));
        _plain.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await bob.VerifyAsync(kept, bob.Phone.GetCode()));

        // 3. Back, and forward again.
        Assert.Equal(0, (await RunAsync(kept, "rollback")).ExitCode);
        Assert.False((await kept.Mfa.GetStatusAsync(new(bob.Id), Token)).IsEnabled);
        Assert.True(await bob.VerifyAsync(_plain, bob.CodeOfTheSystemClock()));
        Assert.True(await bob.RedeemAsync(_plain, bob.Codes[0]));
        await using var final = await _plain.StartNextAsync();
        Assert.Equal(0, (await RunAsync(final, "import")).ExitCode);

        // 4. The end.
        Assert.Equal(2, (await RunAsync(kept, "commit")).ExitCode);
        Assert.Equal(0, (await RunAsync(final, "commit")).ExitCode);
        Assert.Equal(0, (await RunAsync(final, "commit")).ExitCode);
        _plain.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await bob.VerifyAsync(final, bob.Phone.GetCode()));
        Assert.True(await bob.RedeemAsync(final, bob.Codes[1]));
        Assert.False(await bob.RedeemAsync(final, bob.Codes[0]));
        Assert.Equal(1, (await RunAsync(final, "rollback")).ExitCode);
        Assert.True((await final.Mfa.GetStatusAsync(new(bob.Id), Token)).IsEnabled);
    }

    [Fact]
    public async Task PlainIdentity_AfterTheCommit_AsksForACodeAndSignsNobodyIn()
    {
        var (ann, next) = await StartAsync();
        await RunAsync(next, "import");
        await RunAsync(next, "commit");
        using var browser = _plain.Open();

        var asked = await browser.LogInAsync("/secret");

        Assert.EndsWith("LoginWith2fa", asked.Path, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FormatException>(() => browser.SendCodeAsync(asked, ann.CodeOfTheSystemClock()));
        Assert.EndsWith("Login", (await browser.GetAsync("/secret")).Path, StringComparison.Ordinal);
        Assert.False(await ann.RedeemAsync(_plain, ann.Codes[0]));
    }

    [Fact]
    public async Task SignIn_OfAStockUser_ConsumesTheCodeAndKeepsTheCodes()
    {
        var (ann, next) = await StartAsync();
        using var browser = next.Open();
        var code = ann.Phone.GetCode();

        var typo = await browser.SendCodeAsync(await browser.LogInAsync("/secret"), "12 34");
        var signedIn = await browser.SendCodeAsync(typo, code);
        using var second = next.Open();
        var again = await second.SendCodeAsync(await second.LogInAsync("/secret"), code);

        Assert.Equal("secret", signedIn.Text);
        Assert.DoesNotContain("secret", again.Text, StringComparison.Ordinal);
        Assert.True(await ann.RedeemAsync(next, ann.Codes[9].ToLowerInvariant()));
        var status = await next.StatusAsync();
        Assert.Equal((true, 9), (Assert.Single(status.Authenticators).IsImported, status.RecoveryCodesLeft));
    }

    [Fact]
    public async Task SignIn_FirstByARecoveryCode_MovesBoth()
    {
        var (ann, next) = await StartAsync();

        Assert.False(await ann.RedeemAsync(next, "23456-789BC"));
        Assert.True(await ann.RedeemAsync(next, ann.Codes[0]));
        Assert.False(await ann.RedeemAsync(next, ann.Codes[0]));
        next.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await ann.VerifyAsync(next, ann.Phone.GetCode()));
    }

    [Fact]
    public async Task SignIn_EightAtOnceWithOneCode_OneIsAccepted()
    {
        var (ann, next) = await StartAsync();
        var code = ann.Phone.GetCode();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ann.VerifyAsync(next, code))));

        Assert.Single(results, accepted => accepted);
    }

    [Fact]
    public async Task SignIn_WrongCodesBeforeTheMove_AreThrottled()
    {
        var (ann, next) = await StartAsync();
        var wrong = ann.Phone.GetCode() == "000000" ? "000001" : "000000";

        for (var i = 0; i < 6; i++)
        {
            Assert.False(await ann.VerifyAsync(next, wrong));
        }

        Assert.False(await ann.VerifyAsync(next, ann.Phone.GetCode()));
        next.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True(await ann.VerifyAsync(next, ann.Phone.GetCode()));
    }

    [Fact]
    public async Task SignIn_RecordOfAMovedUserIsLost_IsRefusedAndNeverMovedAgain()
    {
        var (ann, next) = await StartAsync();
        await ann.VerifyAsync(next, ann.Phone.GetCode());
        var store = next.Services.GetRequiredService<Storage.IMfaStore>();
        await store.TryDeleteAsync(new(ann.Id), (await store.FindAsync(new(ann.Id), Token))!.Version, Token);
        next.Clock.Advance(TimeSpan.FromMinutes(1));
        using var browser = next.Open();

        Assert.Contains("not available now", (await browser.LogInAsync()).Text, StringComparison.Ordinal);
        Assert.False(await ann.VerifyAsync(next, ann.Phone.GetCode()));
        Assert.False(await ann.RedeemAsync(next, ann.Codes[0]));
        Assert.Equal((1, $"{ann.Id}: moved, but there is no record; reset the user"), await RunAsync(next, "import"));
    }

    [Fact]
    public async Task Import_KeyThatIdentityChangedAfterTheMove_IsReportedAndNotTaken()
    {
        var (ann, next) = await StartAsync();
        await RunAsync(next, "import");
        var other = await _plain.InScopeAsync(async (users, user) =>
        {
            await users.ResetAuthenticatorKeyAsync(user);
            return VirtualAuthenticator.FromManualKey((await users.GetAuthenticatorKeyAsync(user))!, _plain.Clock);
        });
        next.Clock.Advance(TimeSpan.FromMinutes(1));

        var (exitCode, text) = await RunAsync(next, "import");

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{ann.Id}: Identity's key was changed after it was moved", text, StringComparison.Ordinal);
        Assert.False(await ann.VerifyAsync(next, other.GetCode()));
        Assert.True(await ann.VerifyAsync(next, ann.Phone.GetCode()));
    }

    [Fact]
    public async Task NewAuthenticator_OfAMovedUser_EndsTheOldOneInIdentitysRowsToo()
    {
        var (ann, next) = await StartAsync();
        using var browser = next.Open();
        await browser.SendCodeAsync(await browser.LogInAsync("/secret"), ann.Phone.GetCode());

        await browser.SubmitAsync(Browser.ManagePage("ResetAuthenticator"));
        await browser.EnrollAsync();

        await Assert.ThrowsAsync<FormatException>(() => ann.VerifyAsync(_plain, ann.CodeOfTheSystemClock()));
    }

    [Fact]
    public async Task NewAuthenticator_WhileRowsAreKept_WorksWithPlainIdentity()
    {
        await using var next = await _plain.StartNextAsync(options => options.KeepIdentityRows = true);
        using var browser = next.Open();
        await browser.RegisterAsync();

        var (phone, codes) = await browser.EnrollAsync();
        var ann = new StockUser((await next.SubjectAsync()).UserId, IdentitySite.Ann, phone, codes);

        Assert.Equal(0, (await RunAsync(next, "rollback")).ExitCode);
        Assert.True(await ann.VerifyAsync(_plain, ann.CodeOfTheSystemClock()));
        Assert.True(await ann.RedeemAsync(_plain, codes[0]));
    }

    // Both versions run: an administrator switches MFA off here, and the owner sets up an app there.
    [Fact]
    public async Task SignIn_EnrolledAgainWithPlainIdentity_PasswordAloneDoesNotEnrol()
    {
        var (ann, kept) = await StartAsync(keepsRows: true);
        Assert.True(await ann.VerifyAsync(kept, ann.Phone.GetCode()));
        await kept.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false));
        await EnrollWithPlainAsync();
        using var thief = kept.Open();

        await thief.LogInAsync("/secret");

        Assert.EndsWith("Login", (await thief.GetAsync(Browser.ManagePage("EnableAuthenticator"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollback_AfterAResetByTheService_DoesNotBringTheLostPhoneBack()
    {
        var (ann, kept) = await StartAsync(keepsRows: true);
        Assert.True(await ann.VerifyAsync(kept, ann.Phone.GetCode()));
        await kept.Mfa.ResetAsync(new(ann.Id), "the phone was stolen", cancellationToken: Token);

        Assert.Equal(1, (await RunAsync(kept, "rollback")).ExitCode);

        await Assert.ThrowsAsync<FormatException>(() => ann.VerifyAsync(_plain, ann.CodeOfTheSystemClock()));
    }

    [Fact]
    public async Task RollbackAndForward_UserWhoSwitchedOffInBetween_CanSignIn()
    {
        var (ann, kept) = await StartAsync(keepsRows: true);
        Assert.True(await ann.VerifyAsync(kept, ann.Phone.GetCode()));
        await kept.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false));

        await RunAsync(kept, "rollback");
        var phone = await EnrollWithPlainAsync();

        Assert.True(await ann.VerifyAsync(kept, phone.GetCode()));
    }

    [Fact]
    public async Task Commit_UserWhoSwitchedOff_LeavesNoKeyAndNoCodes()
    {
        var ann = await StockUserAsync(IdentitySite.Ann);
        await using (var kept = await _plain.StartNextAsync(options => options.KeepIdentityRows = true))
        {
            Assert.True(await ann.VerifyAsync(kept, ann.Phone.GetCode()));
            await kept.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false));
        }

        await using var final = await _plain.StartNextAsync();
        Assert.Equal(0, (await RunAsync(final, "commit")).ExitCode);

        var found = await RowsOf(final).FindAsync(ann.Id);
        Assert.Equal((false, 0), (found!.HasKey, found.RecoveryCodes.Count));
    }

    [Theory]
    [InlineData("12 34")]
    [InlineData("abcdefgh")]
    [InlineData("BCDFG-HJKMN")]
    public async Task SignIn_TextThatIsNoCode_WritesNothing(string text)
    {
        var (ann, next) = await StartAsync();
        var before = await next.InScopeAsync((_, user) => Task.FromResult(user.ConcurrencyStamp));

        await ann.VerifyAsync(next, text);

        Assert.Equal(before, await next.InScopeAsync((_, user) => Task.FromResult(user.ConcurrencyStamp)));
    }

    [Fact]
    public async Task Move_ProcessDiedAfterTheMark_GoesOn()
    {
        var (ann, next) = await StartAsync();
        await RowsOf(next).BeginMoveAsync(ann.Id);

        Assert.Equal((0, "1 of 1 users, 0 listed below, 0:00:00 left"), await RunAsync(next, "import"));
    }

    // The command has read who has MFA before.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Import_UserSwitchesOffMeanwhile_SignsInByThePasswordAlone(bool isHere)
    {
        var (ann, next) = await StartAsync();
        Assert.Equal(isHere, isHere && await ann.VerifyAsync(next, ann.Phone.GetCode()));
        var site = isHere ? next : _plain;

        var (exitCode, _) = await RunAsync(
            next, "import", () => site.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false)));

        using var browser = next.Open();
        Assert.Equal("secret", (await browser.LogInAsync("/secret")).Text);
        Assert.Equal((0, false), (exitCode, await next.IsEnrolledAsync()));
    }

    [Fact]
    public async Task SignIn_TwoRecoveryCodesAtOnce_TheMarkForbidsASecondMove()
    {
        await using var next = await _plain.StartNextAsync();
        var store = next.Services.GetRequiredService<Storage.IMfaStore>();
        for (var i = 0; i < 5; i++)
        {
            var user = await StockUserAsync($"user{i}@example.com");
            await Task.WhenAll(user.Codes.Take(2).Select(code => Task.Run(() => user.RedeemAsync(next, code), Token)));
            await store.TryDeleteAsync(new(user.Id), (await store.FindAsync(new(user.Id), Token))!.Version, Token);

            Assert.False(await user.RedeemAsync(next, user.Codes[0]) || await user.RedeemAsync(next, user.Codes[1]));
        }
    }

    [Fact]
    public async Task Rollback_RowsWereNotKept_UsedRecoveryCodeStaysUsed()
    {
        var (ann, next) = await StartAsync();
        Assert.True(await ann.RedeemAsync(next, ann.Codes[0]));

        await RunAsync(next, "rollback");

        Assert.False(await ann.RedeemAsync(_plain, ann.Codes[0]));
        Assert.True(await ann.RedeemAsync(_plain, ann.Codes[1]));
    }

    [Fact]
    public async Task Import_TableIsMissingOrKeysDiffer_StopsWithTheAdvice()
    {
        var (ann, next) = await StartAsync();
        await ann.VerifyAsync(next, ann.Phone.GetCode());
        await using var other = await _plain.StartNextAsync(change: services => services.AddDataProtection().SetApplicationName("other"));

        var keys = await RunAsync(other, "import");
        await using (var scope = next.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<UserContext>().Database.ExecuteSqlAsync($"DROP TABLE callroute_mfa", Token);
        }

        var table = await RunAsync(next, "import");

        Assert.Equal(1, keys.ExitCode);
        Assert.StartsWith("This program has other keys", keys.LastLine, StringComparison.Ordinal);
        Assert.Equal(1, table.ExitCode);
        Assert.Contains("callroute_mfa", table.LastLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("Import", 2)]
    public async Task Run_UnknownCommand_SaysWhichThereAre(string command, int exitCode)
    {
        await using var next = await _plain.StartNextAsync();

        Assert.Equal((exitCode, "Usage: mfa import | commit | rollback | report"), await RunAsync(next, command));
    }

    // CALLROUTE_MOVED_USERS=10000 gives the figure of the page.
    [Fact]
    public async Task Import_WhileUsersSignIn_EveryPhoneAndEveryCodeWorksOnce()
    {
        const int SigningIn = 20;
        var count = int.Parse(Environment.GetEnvironmentVariable("CALLROUTE_MOVED_USERS") ?? "200", CultureInfo.InvariantCulture);
        var users = new StockUser[count];
        for (var i = 0; i < count; i++)
        {
            users[i] = await StockUserAsync($"user{i}@example.com");
        }

        await using var next = await _plain.StartNextAsync(
            change: services => services.AddSingleton<IRecoveryCodeHasher>(new SodiumRecoveryCodeHasher()));
        var started = TimeProvider.System.GetTimestamp();
        var import = Task.Run(() => RunAsync(next, "import"));
        var signIns = Task.WhenAll(users.TakeLast(SigningIn).Select(user => Task.Run(() => SignInAsync(next, user))));
        Assert.Equal(0, (await import).ExitCode);
        TestContext.Current.TestOutputHelper!.WriteLine($"{count} users: {TimeProvider.System.GetElapsedTime(started)}");
        await signIns;
        next.Clock.Advance(TimeSpan.FromMinutes(2));

        ConcurrentBag<string> wrong = [];
        await Parallel.ForEachAsync(users.Index(), Token, async (user, _) =>
        {
            // All codes of 20 users, and the first one of 200: each costs two runs of Argon2id.
            var codes = user.Item.Codes.Take(user.Index % (count / 20) == 0 ? 10 : user.Index % (count / 200) == 0 ? 1 : 0);
            var works = await user.Item.WorksOnceAsync(next, codes);
            if (!works)
            {
                wrong.Add(user.Item.Name);
            }
        });
        Assert.Empty(wrong);
    }

    private static async Task SignInAsync(IdentitySite site, StockUser user)
    {
        using var browser = site.Open();
        var asked = await browser.LogInAsync("/secret", user.Name);
        for (var tries = 0; tries < 10 && !asked.Path.EndsWith("LoginWith2fa", StringComparison.Ordinal); tries++)
        {
            // Refused at the moment at which the command moves the user.
            asked = await browser.LogInAsync("/secret", user.Name);
        }

        var answered = await browser.SendCodeAsync(asked, user.Phone.GetCode());

        // The command may have moved the user first: then the codes that were on screens are used up.
        Assert.True(answered.Text == "secret" || answered.Path.EndsWith("LoginWith2fa", StringComparison.Ordinal), answered.Text);
    }

    /// <summary>Ann enrols with plain Identity. Then this package starts on the same database.</summary>
    private async Task<(StockUser Ann, IdentitySite Next)> StartAsync(bool keepsRows = false)
    {
        var ann = await StockUserAsync(IdentitySite.Ann);
        _next = await _plain.StartNextAsync(options => options.KeepIdentityRows = keepsRows);
        return (ann, _next);
    }

    /// <summary>A user who has enrolled with plain Identity.</summary>
    private async Task<StockUser> StockUserAsync(string name)
    {
        await using var scope = _plain.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var user = new IdentityUser(name) { Email = name };
        Assert.True((await users.CreateAsync(user, IdentitySite.Password)).Succeeded);
        await users.ResetAuthenticatorKeyAsync(user);
        await users.SetTwoFactorEnabledAsync(user, true);
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 10);
        var key = await users.GetAuthenticatorKeyAsync(user);
        return new(user.Id, name, VirtualAuthenticator.FromManualKey(key!, _plain.Clock), [.. codes!]);
    }

    private static IdentityRows<IdentityUser> RowsOf(IdentitySite site) => site.Services.GetRequiredService<IdentityRows<IdentityUser>>();

    private Task<VirtualAuthenticator> EnrollWithPlainAsync() => _plain.InScopeAsync(async (users, user) =>
    {
        await users.ResetAuthenticatorKeyAsync(user);
        await users.SetTwoFactorEnabledAsync(user, true);
        return VirtualAuthenticator.FromManualKey((await users.GetAuthenticatorKeyAsync(user))!, _plain.Clock);
    });

    private static async Task<(int ExitCode, string LastLine)> RunAsync(IdentitySite site, string command, Func<Task>? meanwhile = null)
    {
        await using var output = new Output(meanwhile);
        var exitCode = await site.Services.GetRequiredService<IIdentityMigration>().RunAsync(command, output, Token);
        return (exitCode, output.ToString().TrimEnd().Split(Environment.NewLine)[^1]);
    }

    /// <summary>The output of the command, which lets something happen before its first line.</summary>
    private sealed class Output(Func<Task>? meanwhile) : StringWriter
    {
        private Func<Task>? _meanwhile = meanwhile;

        public override async Task WriteLineAsync(string? value)
        {
            var happens = _meanwhile;
            _meanwhile = null;
            await (happens?.Invoke() ?? Task.CompletedTask);
            await base.WriteLineAsync(value);
        }
    }

    private sealed record StockUser(string Id, string Name, VirtualAuthenticator Phone, string[] Codes)
    {
        public string CodeOfTheSystemClock() => Phone.GetCodeAt(TimeProvider.System.GetUtcNow());

        public Task<bool> VerifyAsync(IdentitySite site, string code) =>
            site.InScopeAsync((users, user) => users.VerifyTwoFactorTokenAsync(user, Provider, code), Name);

        public async Task<bool> RedeemAsync(IdentitySite site, string code) =>
            (await site.InScopeAsync((users, user) => users.RedeemTwoFactorRecoveryCodeAsync(user, code), Name)).Succeeded;

        public async Task<bool> WorksOnceAsync(IdentitySite site, IEnumerable<string> codes)
        {
            var works = await VerifyAsync(site, Phone.GetCode()) && !await VerifyAsync(site, Phone.GetCode());
            foreach (var code in codes)
            {
                works &= await RedeemAsync(site, code) && !await RedeemAsync(site, code);
            }

            return works;
        }
    }
}
