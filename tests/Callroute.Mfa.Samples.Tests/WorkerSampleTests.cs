using System.Data.Common;
using System.Diagnostics;
using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Testing;
using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Samples.Tests;

/// <summary>Runs the program of docs/getting-started/worker.md and docs/recipes/worker.md as a process.</summary>
public sealed class WorkerSampleTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-worker-").FullName;
    private readonly Dictionary<string, byte[]> _keys = new()
    {
        ["k1"] = RandomNumberGenerator.GetBytes(32),
        ["k2"] = RandomNumberGenerator.GetBytes(32),
    };

    private readonly DbDataSource _source;

    public WorkerSampleTests() => _source = SqliteFactory.Instance.CreateDataSource(ConnectionString);

    private string ConnectionString => $"Data Source={Path.Combine(_folder, "mfa.db")};Pooling=False";

    private string[] Arguments =>
    [
        BuiltProgram.Of("Worker"), "--Mfa:Rotate", "true",
        "--ConnectionStrings:Mfa", ConnectionString, "--Mfa:ActiveKey", "k2",
        .. _keys.SelectMany(key => new[] { $"--Mfa:Keys:{key.Key}", Convert.ToBase64String(key.Value) }),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Worker_EnrolAndVerify_AcceptsEachCodeOnce() =>
        WorkerRun.AssertAcceptsEachCodeOnceAsync(BuiltProgram.Of("Worker"), ConnectionString);

    [Fact]
    public async Task Rotation_RunToItsEnd_MakesTheOldKeyNeedless()
    {
        using var phone = (await EnrolUnderTheOldKeyAsync("ann"))[0];

        var (exitCode, output, error) = Rotate();

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("1 records read, 1 encrypted under the active key, 0 failed.", output, StringComparison.Ordinal);
        var mfa = ServiceOn("k2");
        var code = phone.GetCodeAt(DateTimeOffset.UtcNow.AddSeconds(30));
        var result = await mfa.VerifyAsync(new("ann"), code, mfa.BeginAttempt(), cancellationToken: Token);
        Assert.True(result.Succeeded, $"{result}");
    }

    [Fact]
    public async Task Rotation_WithRecordsThatCannotBeRead_NamesThemAndEncryptsTheOthers()
    {
        await EnrolUnderTheOldKeyAsync("ann", "bob", "eve", "zoe");
        await BreakAsync("ann", "'{\"seen by nobody'");
        await BreakAsync("eve", "(SELECT document FROM callroute_mfa WHERE user_id = 'bob')");

        var (exitCode, output, _) = Rotate();

        Assert.Equal(1, exitCode);
        Assert.Contains("Failed: user 'ann' (InvalidDataException)", output, StringComparison.Ordinal);
        Assert.Contains("Failed: user 'eve' (InvalidOperationException)", output, StringComparison.Ordinal);
        Assert.Contains("4 records read, 2 encrypted under the active key, 2 failed.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("seen by nobody", output, StringComparison.Ordinal);
        Assert.Equal(["bob", "zoe"], await UnderTheNewKeyAsync());
    }

    [Fact]
    public async Task Rotation_KilledAndRunAgain_EncryptsWhatIsLeft()
    {
        var users = Enumerable.Range(0, 60).Select(number => $"user{number}").ToArray();
        await EnrolUnderTheOldKeyAsync(users);
        using var killed = Process.Start(new ProcessStartInfo("dotnet", Arguments) { RedirectStandardOutput = true })!;
        while ((await UnderTheNewKeyAsync()).Count == 0)
        {
            Assert.False(killed.HasExited);
        }

        killed.Kill();
        await killed.WaitForExitAsync(Token);
        var left = users.Length - (await UnderTheNewKeyAsync()).Count;
        var (exitCode, output, error) = Rotate();

        Assert.True(exitCode == 0, output + error);
        Assert.InRange(left, 0, users.Length - 1);
        Assert.Contains($"{users.Length} records read, {left} encrypted under the active key, 0 failed.", output, StringComparison.Ordinal);
        Assert.Equal(users.Length, (await UnderTheNewKeyAsync()).Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<List<VirtualAuthenticator>> EnrolUnderTheOldKeyAsync(params string[] users)
    {
        await new SqlMfaStore(_source, SqlDialect.Sqlite).CreateTableAsync(Token);
        var mfa = ServiceOn("k1");
        List<VirtualAuthenticator> phones = [];
        foreach (var user in users)
        {
            var offer = await mfa.BeginEnrollmentAsync(new(user), "ann@example.com", cancellationToken: Token);
            phones.Add(VirtualAuthenticator.Scan(offer.Uri!.Reveal(), TimeProvider.System));
            Assert.True((await mfa.ConfirmEnrollmentAsync(new(user), offer.EnrollmentId, phones[^1].GetCode(), Token)).Succeeded);
        }

        return phones;
    }

    private async Task BreakAsync(string user, string document)
    {
        await using var command = _source.CreateCommand(
            $"UPDATE callroute_mfa SET document = CAST({document} AS BLOB) WHERE user_id = '{user}'");
        await command.ExecuteNonQueryAsync(Token);
    }

    // A ring with only the new key opens no others.
    private async Task<List<string>> UnderTheNewKeyAsync()
    {
        List<string> users = [];
        await foreach (var result in ServiceOn("k2").RotateKeysAsync(Token))
        {
            users.AddRange(result.Failure is null ? [result.Subject.UserId] : []);
        }

        return users;
    }

    // With only one key: secrets under the other key cannot be opened. Hashes cost nothing, as no test is about them.
    private MfaService ServiceOn(string key) => new(
        new SqlMfaStore(_source, SqlDialect.Sqlite),
        new AesGcmSecretProtector(new KeyRing(key, _keys.Where(k => k.Key == key).ToDictionary())),
        new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1),
        new MfaOptions { Issuer = "Rotation" });

    private (int ExitCode, string Output, string Error) Rotate() => ExternalProgram.RunAny("dotnet", Arguments);
}
