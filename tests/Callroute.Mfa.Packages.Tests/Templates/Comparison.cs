using System.Text;

namespace Callroute.Mfa.Packages.Tests.Templates;

/// <summary>Asks stock Identity and ours the same questions, and writes down what it saw.</summary>
internal static class Comparison
{
    private const string Accepted = "accepted";
    private const string Refused = "refused";

    /// <summary>The questions to <c>MapIdentityApi</c>. Each script has a user of its own.</summary>
    public static IReadOnlyList<(string Question, Func<TemplateSite, string, Task<string>> AskAsync)> OfTheApi { get; } =
    [
        ("one code, entered twice", AskCodeTwiceAsync),
        ("the code of the step before the accepted one", AskStepBeforeAsync),
        ("one code, in ten requests at once", AskTenAtOnceAsync),
        ("the phone's key, in the database", AskKeyAtRestAsync),
        ("the recovery codes, in the database", AskRecoveryCodesAtRestAsync),
        ("the key in use, for a session that asks for it", AskKeyAgainAsync),
        ("switching MFA off, in a session 50 minutes old", AskSwitchOffAsync),
        ("the password alone, after the rows of the second factor are lost", AskLostRowsAsync),
        ("the right code, after ten wrong ones", AskTenWrongCodesAsync),
        ("the right recovery code, after ten wrong ones", AskTenWrongRecoveryCodesAsync),
        ("`amr` in the session, after `/refresh`", AskRefreshAsync),
    ];

    /// <summary>The questions to the pages of <c>dotnet new webapp --auth Individual</c>.</summary>
    public static IReadOnlyList<(string Question, Func<TemplateSite, string, Task<string>> AskAsync)> OfThePages { get; } =
    [
        ("the key, in the download of personal data", AskPersonalDataAsync),
        ("`amr` in the session, after 31 minutes", AskLaterAsync),
    ];

    private static async Task<string> AskCodeTwiceAsync(TemplateSite site, string name)
    {
        using var user = (await ApiUser.EnrollAsync(site, name)).User;
        return Verdict(await user.SignInAsync(await user.SignInByPhoneAsync()));
    }

    private static async Task<string> AskStepBeforeAsync(TemplateSite site, string name)
    {
        using var user = (await ApiUser.EnrollAsync(site, name)).User;
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        await user.SignInByPhoneAsync();
        return Verdict(await user.SignInAsync(user.CodeBefore(steps: 1)));
    }

    private static async Task<string> AskTenAtOnceAsync(TemplateSite site, string name)
    {
        using var user = (await ApiUser.EnrollAsync(site, name)).User;
        var code = await user.NextCodeAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => user.SignInAsync(code)));
        return $"{answers.Count(answer => Verdict(answer) == Accepted)} of 10 {Accepted}";
    }

    private static async Task<string> AskKeyAtRestAsync(TemplateSite site, string name)
    {
        var (user, key, _) = await ApiUser.EnrollAsync(site, name);
        using (user)
        {
            return await IsInDatabaseAsync(site, key) ? "in plain text" : "encrypted";
        }
    }

    private static async Task<string> AskRecoveryCodesAtRestAsync(TemplateSite site, string name)
    {
        var (user, _, codes) = await ApiUser.EnrollAsync(site, name);
        using (user)
        {
            return await IsInDatabaseAsync(site, codes[0]) ? "in plain text" : "hashed";
        }
    }

    private static async Task<string> AskKeyAgainAsync(TemplateSite site, string name)
    {
        var (user, key, _) = await ApiUser.EnrollAsync(site, name);
        using (user)
        {
            await user.SignInByPhoneAsync();
            return (await user.ManageAsync(new { })).Text("sharedKey") == key ? "shown" : "not shown";
        }
    }

    private static async Task<string> AskSwitchOffAsync(TemplateSite site, string name)
    {
        using var user = (await ApiUser.EnrollAsync(site, name)).User;
        await user.SignInByPhoneAsync();
        await site.AdvanceAsync(TimeSpan.FromMinutes(50));
        return Verdict(await user.ManageAsync(new { enable = false }));
    }

    private static async Task<string> AskLostRowsAsync(TemplateSite site, string name)
    {
        using var user = (await ApiUser.EnrollAsync(site, name)).User;
        foreach (var table in await site.Database.QueryAsync(
            "SELECT name FROM sqlite_master WHERE name IN ('AspNetUserTokens', 'callroute_mfa')"))
        {
            await site.Database.ExecuteAsync($"DELETE FROM {table}");
        }

        return Verdict(await user.SignInAsync());
    }

    private static async Task<string> AskTenWrongCodesAsync(TemplateSite site, string name)
    {
        using var user = (await ApiUser.EnrollAsync(site, name)).User;
        var right = await user.NextCodeAsync();
        for (var i = 0; i < 10; i++)
        {
            await user.SignInAsync(user.WrongCode());
        }

        return VerdictWithWait(await user.SignInAsync(right));
    }

    private static async Task<string> AskTenWrongRecoveryCodesAsync(TemplateSite site, string name)
    {
        var (user, _, codes) = await ApiUser.EnrollAsync(site, name);
        using (user)
        {
            for (var i = 0; i < 10; i++)
            {
                await user.SignInAsync(recoveryCode: $"{codes[0][..^1]}{(codes[0][^1] == 'B' ? 'C' : 'B')}");
            }

            return VerdictWithWait(await user.SignInAsync(recoveryCode: codes[0]));
        }
    }

    private static async Task<string> AskRefreshAsync(TemplateSite site, string name)
    {
        using var user = (await ApiUser.EnrollAsync(site, name)).User;
        await user.SignInByPhoneAsync();
        Assert.Contains("amr: mfa", await user.ReadClaimsAsync(), StringComparison.Ordinal);
        Assert.Equal("200", (await user.RefreshAsync()).ToString());
        return await ReadAmrAsync(user);
    }

    private static async Task<string> AskPersonalDataAsync(TemplateSite site, string name)
    {
        using var user = (await Visitor.EnrollAsync(site, name)).User;
        await user.SignInAsync(await user.NextCodeAsync());
        var download = await user.SubmitAsync(await user.OpenAsync("Manage/PersonalData"), "Download");
        return download.Html.Contains(user.Key, StringComparison.OrdinalIgnoreCase) ? "in it" : "not in it";
    }

    private static async Task<string> AskLaterAsync(TemplateSite site, string name)
    {
        using var user = (await Visitor.EnrollAsync(site, name)).User;
        await user.SignInAsync(await user.NextCodeAsync());
        Assert.Contains("amr: mfa", await user.ReadClaimsAsync(), StringComparison.Ordinal);
        await site.AdvanceAsync(TimeSpan.FromMinutes(31));
        return await ReadAmrAsync(user);
    }

    private static string Verdict(ApiUser.Answer answer) => answer.Status == System.Net.HttpStatusCode.OK ? Accepted : Refused;

    private static string VerdictWithWait(ApiUser.Answer answer) =>
        Verdict(answer) == Accepted ? Accepted
        : answer.RetryAfter is null ? $"{Refused}, without a time to wait"
        : $"{Refused}, with the time to wait";

    private static async Task<string> ReadAmrAsync(TemplateUser user) =>
        (await user.ReadClaimsAsync()).Contains("amr: mfa", StringComparison.Ordinal) ? "kept" : "lost";

    // Search a copy that SQLite makes: the newest rows may be in a second file beside the database.
    private static async Task<bool> IsInDatabaseAsync(TemplateSite site, string text)
    {
        var copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await site.Database.ExecuteAsync($"VACUUM INTO '{copy}'");
            var bytes = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
            return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
