using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>One real server.</summary>
public sealed class RedisMfaStoreTests : IAsyncLifetime
{
    private static readonly byte[] Document = "{\"format\":1}"u8.ToArray();

    private readonly MfaSubject _subject = new("user}:{*", "tenant");
    private RedisServer _server = null!;
    private ConnectionMultiplexer _redis = null!;
    private RedisMfaStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        _redis = await ConnectAsync(_server);
        _store = new RedisMfaStore(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task TryWriteAsync_ScriptsFlushedBetween_SwapsAllTheSame()
    {
        var (first, second, third) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await _store.TryWriteAsync(_subject, Document, first, null, Token);
        await _store.TryWriteAsync(_subject, Document, second, first, Token);

        _server.Execute("SCRIPT", "FLUSH", "SYNC");
        var isWritten = await _store.TryWriteAsync(_subject, Document, third, second, Token);
        _server.Execute("SCRIPT", "FLUSH", "SYNC");
        var isStaleWritten = await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), second, Token);

        Assert.True(isWritten);
        Assert.False(isStaleWritten);
        Assert.Equal(third, (await _store.FindAsync(_subject, Token))!.Version);
    }

    [Fact]
    public async Task TryWriteAsync_RunTwice_GoesByItsDigestAndLeavesNothingThatExpires()
    {
        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token);
        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), Guid.NewGuid(), Token);

        Assert.Contains("cmdstat_evalsha:calls=", _server.Execute("INFO", "commandstats"), StringComparison.Ordinal);
        Assert.Equal("-1", _server.Execute("TTL", "callroute:mfa:{t:tenant:user%7D%3A%7B*}"));
    }

    [Fact]
    public async Task FindAsync_ServerStandsStill_IsLeftByTheToken()
    {
        await _store.FindAsync(_subject, Token);
        using var cancellation = new CancellationTokenSource();
        _server.Pause();

        var reading = _store.FindAsync(_subject, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        _server.Resume();
    }

    [Fact]
    public async Task TryWriteAsync_ServerStandsStill_ThrowsAndDoesNotGuess()
    {
        var version = Guid.NewGuid();
        await using var redis = await ConnectImpatientlyAsync(_server);
        var store = new RedisMfaStore(redis);
        await UntilWorksAsync(() => store.FindAsync(_subject, Token).AsTask());
        _server.Pause();

        var document = Document.ToArray();
        await Assert.ThrowsAnyAsync<TimeoutException>(async () => await store.TryWriteAsync(_subject, document, version, null, Token));
        document.AsSpan().Clear();
        _server.Resume();

        // The write had been sent. It is executed completely or not at all.
        await UntilWorksAsync(() => _store.FindAsync(_subject, Token).AsTask());
        var found = await _store.FindAsync(_subject, Token);
        Assert.True(found is null || (found.Version == version && found.Document.Span.SequenceEqual(Document)));
    }

    [Fact]
    public async Task FindAsync_KeyOfAnotherKind_Throws()
    {
        _server.Execute("SET", "callroute:mfa:{u:alice}", "x");

        await Assert.ThrowsAsync<RedisServerException>(async () => await _store.FindAsync(new MfaSubject("alice"), Token));
    }

    [Theory]
    [InlineData("v")]
    [InlineData("d")]
    public async Task FindAsync_HalfARecord_ThrowsAndIsNotTakenForNone(string field)
    {
        _server.Execute("HSET", "callroute:mfa:{u:alice}", field, "x");

        await Assert.ThrowsAsync<InvalidDataException>(async () => await _store.FindAsync(new MfaSubject("alice"), Token));
    }

    [Fact]
    public async Task ScanAsync_ForeignKeysAround_ListsOurSubjectsOnly()
    {
        var store = new RedisMfaStore(_redis, new RedisMfaStoreOptions { KeyPrefix = "app.mfa:" });
        var subjects = Enumerable.Range(0, 300).Select(i => new MfaSubject($"user:{i}", i % 2 == 0 ? null : "ten}ant")).ToHashSet();
        foreach (var subject in subjects)
        {
            await store.TryWriteAsync(subject, Document, Guid.NewGuid(), null, Token);
        }

        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token);
        _server.Execute("SET", "app.mfa:{u:", "x");
        _server.Execute("SET", "appXmfa:{u:alice}", "x");

        Assert.Equal(subjects, (await store.ScanAsync(Token).ToListAsync(Token)).ToHashSet());
        Assert.Equal([_subject], await _store.ScanAsync(Token).ToListAsync(Token));
    }

    [Fact]
    public async Task ScanAsync_OtherDatabase_SeesItsOwnRecordsOnly()
    {
        await using var other = await ConnectAsync(_server.ConnectionString, options => options.DefaultDatabase = 3);
        var store = new RedisMfaStore(other);

        await store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, Token);

        Assert.Equal([_subject], await store.ScanAsync(Token).ToListAsync(Token));
        Assert.Empty(await _store.ScanAsync(Token).ToListAsync(Token));
        Assert.Null(await _store.FindAsync(_subject, Token));
    }
}
