using System.Diagnostics;
using System.Text.Json;

namespace Callroute.Mfa.Samples.Tests.OtpTool;

/// <summary>The verbs <c>rotate</c>, <c>reset</c> and <c>report</c>, on real stores.</summary>
public sealed class StoreVerbsTests
{
    private const int Many = 100;
    private const string Users = "ann\t\ttrue\nbob\t\tfalse\nzoe\t\ttrue\nyan\n";

    private static readonly string[] Reset = ["reset", "--all", "--yes", "--reason", "stolen keys", "--json"];

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    [InlineData("mariadb")]
    [InlineData("redis")]
    public async Task Verbs_OnEachStore_DoTheirWork(string kind)
    {
        await using var store = await ToolStore.OpenAsync(kind);
        using var phone = await store.EnrolAsync("bob", "ann");
        await store.ServiceOn("k1").CheckKeysAsync(TestContext.Current.CancellationToken);

        var rotated = Tool.Run(["rotate", "--json", .. store.Arguments, .. store.Ring]);
        var mfa = store.ServiceOn("k2");
        var code = phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30));
        var signedIn = await mfa.VerifyAsync(
            new("ann"), code, mfa.BeginAttempt(), cancellationToken: TestContext.Current.CancellationToken);
        var before = Tool.RunWithInput(Users, ["report", "--json", .. store.Arguments, "--users", "-"]);
        var reset = Tool.Run([.. Reset, .. store.Arguments]);
        var after = Tool.RunWithInput(Users, ["report", "--json", .. store.Arguments, "--users", "-"]);

        Assert.Equal("""{"complete":true,"users":2,"encrypted":2}""", LastLine(rotated));
        Assert.True(signedIn.Succeeded, $"{signedIn}");
        Assert.Equal("""{"complete":true,"users":4,"enrolled":2,"mustEnroll":1,"notEnrolled":1}""", LastLine(before));
        Assert.Equal("""{"complete":true,"users":2,"reset":2}""", LastLine(reset));
        Assert.Equal("""{"complete":true,"users":4,"mustEnroll":2,"notEnrolled":2}""", LastLine(after));
    }

    [Fact]
    public async Task Rotate_RecordsThatCannotBeRead_AreNamedAndTheOthersEncrypted()
    {
        await using var store = await ToolStore.OpenAsync("sqlite");
        await store.EnrolAsync("ann", "bob", "eve", "zoe");
        await store.ExecuteAsync($"UPDATE {store.Table} SET document = CAST('{{\"seen by nobody' AS BLOB) WHERE user_id = 'ann'");
        await store.ExecuteAsync(
            $"UPDATE {store.Table} SET document = (SELECT document FROM {store.Table} WHERE user_id = 'bob') WHERE user_id = 'eve'");

        var (exitCode, output, error) = Tool.RunAny(["rotate", .. store.Arguments, .. store.Ring]);

        Assert.Equal(1, exitCode);
        Assert.Contains("Failed: user 'ann' (InvalidDataException)", output, StringComparison.Ordinal);
        Assert.Contains("Failed: user 'eve' (InvalidOperationException)", output, StringComparison.Ordinal);
        Assert.StartsWith("Not everything was done. Keep the old keys and run this again", error, StringComparison.Ordinal);
        Assert.DoesNotContain("seen by nobody", output + error, StringComparison.Ordinal);
        Assert.Equal(["bob", "zoe"], await store.UnderTheNewKeyAsync());
    }

    [Theory]
    [InlineData("sqlite", "KILL")]
    [InlineData("postgresql", "INT")]
    public async Task Rotate_EndedInTheMiddle_EncryptsTheRestWhenRunAgain(string kind, string signal)
    {
        await using var store = await ToolStore.OpenAsync(kind);
        await store.EnrolAsync(Enumerable.Range(0, Many).Select(i => $"user{i}"));
        string[] verb = ["rotate", "--json", .. store.Arguments, .. store.Ring];

        await EndAfterTheFirstUserAsync(verb, signal);
        var done = (await store.UnderTheNewKeyAsync()).Count;
        var again = JsonDocument.Parse(LastLine(Tool.Run(verb))).RootElement;

        Assert.InRange(done, 1, Many - 1);
        Assert.Equal((done, Many - done), (again.GetProperty("unchanged").GetInt32(), again.GetProperty("encrypted").GetInt32()));
        Assert.Equal(Many, (await store.UnderTheNewKeyAsync()).Count);
    }

    [Theory]
    [InlineData("sqlite", "INT")]
    [InlineData("postgresql", "KILL")]
    public async Task Reset_EndedInTheMiddle_LeavesAloneWhoHasEnrolledSince(string kind, string signal)
    {
        await using var store = await ToolStore.OpenAsync(kind);
        await store.EnrolAsync(Enumerable.Range(0, Many).Select(i => $"user{i}"));

        var first = await EndAfterTheFirstUserAsync([.. Reset, .. store.Arguments], signal);
        await store.EnrolAsync(first);
        var rest = Tool.Run([.. Reset, .. store.Arguments]).Split('\n');
        var (_, report, note) = Tool.RunAny(["report", "--json", .. store.Arguments]);
        var all = Tool.Run([.. Reset, "--again", .. store.Arguments]);

        Assert.Contains($$"""{"user":"{{first}}","tenant":null,"state":"alreadyReset","failure":null}""", rest);
        Assert.NotEqual(0, JsonDocument.Parse(rest[^1]).RootElement.GetProperty("reset").GetInt32());
        Assert.Equal($$"""{"complete":true,"users":{{Many}},"enrolled":1,"notEnrolled":{{Many - 1}}}""", LastLine(report.TrimEnd('\n')));
        Assert.Equal("Users without a record are not counted: name all users with --users.\n", note);
        Assert.Equal($$"""{"complete":true,"users":{{Many}},"reset":{{Many}}}""", LastLine(all));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yes\n")]
    [InlineData("reset all\n")]
    public async Task Reset_WithoutYes_NeedsTheTypedWords(string input)
    {
        await using var store = await ToolStore.OpenAsync("sqlite");
        await store.EnrolAsync("ann");

        var (exitCode, _, error) = Tool.RunAny(["reset", "--all", "--reason", "stolen keys", .. store.Arguments], input);

        var isConfirmed = input == "reset all\n";
        Assert.Equal(isConfirmed ? 0 : 2, exitCode);
        Assert.Contains("authenticators and recovery codes of 1 users. Type 'reset all': ", error, StringComparison.Ordinal);
        var status = await store.ServiceOn("k1").GetStatusAsync(new("ann"), TestContext.Current.CancellationToken);
        Assert.Equal(!isConfirmed, status.IsEnabled);
    }

    [Fact]
    public async Task Report_QueryOfUsers_NamesWhoMustEnrol()
    {
        await using var store = await ToolStore.OpenAsync("sqlite");
        await store.EnrolAsync("1", "old");
        await store.ExecuteAsync("CREATE TABLE users (id INTEGER, mfa INTEGER); INSERT INTO users VALUES (1, 1), (2, 1), (3, 0)");

        var report = Tool.Run(["report", .. store.Arguments, "--users", "SELECT id, NULL, mfa FROM users"]);
        var (exitCode, _, error) = Tool.RunAny(["report", .. store.Arguments, "--users", "users.txt"]);

        Assert.StartsWith("Must enroll: user '2'\n╭", report, StringComparison.Ordinal);
        Assert.Equal((2, "--users must be a query that begins with SELECT or WITH, file:PATH or '-'.\n"), (exitCode, error));
        Assert.All(["Enrolled     │ 1", "Must enroll  │ 1", "Not enrolled │ 1", "Not in list  │ 1"], line => Assert.Contains(line, report));
    }

    private static string LastLine(string output) => output.Split('\n')[^1];

    // Returns the first user of the output.
    private static async Task<string> EndAfterTheFirstUserAsync(string[] arguments, string signal)
    {
        ExternalProgram.Require("env");

        // A shell that started the tests in the background ignores Ctrl-C, and the program would inherit that.
        string[] command = ["--default-signal=INT", "dotnet", Tool.File, .. arguments];
        using var process = Process.Start(
            new ProcessStartInfo("env", command) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        ExternalProgram.Run("sh", ["-c", $"kill -{signal} {process.Id}"]);
        var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var isInterrupted = process.ExitCode == 130 && error.StartsWith("Interrupted.", StringComparison.Ordinal);
        Assert.True(signal == "KILL" || isInterrupted, rest + error);
        return JsonDocument.Parse(line!).RootElement.GetProperty("user").GetString()!;
    }
}
