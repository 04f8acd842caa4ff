using System.Text;
using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>One real server.</summary>
public sealed class RedisMfaStoreTests : IAsyncLifetime
{
    private static readonly byte[] Document = Encoding.UTF8.GetBytes("""{"format":1}""");

    private readonly MfaSubject _subject = new("user}:{*", "tenant");
    private RedisServer _server = null!;
    private ConnectionMultiplexer _redis = null!;
    private RedisMfaStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.WhyMissing is null, RedisServer.WhyMissing ?? string.Empty);
        _server = await RedisServer.StartNewAsync();
        _redis = await RedisLink.ConnectAsync(_server);
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
        await _store.TryWriteAsync(_subject, Document, first, null, RedisLink.Token);
        await _store.TryWriteAsync(_subject, Document, second, first, RedisLink.Token);

        _server.Execute("SCRIPT", "FLUSH", "SYNC");
        var isWritten = await _store.TryWriteAsync(_subject, Document, third, second, RedisLink.Token);
        _server.Execute("SCRIPT", "FLUSH", "SYNC");
        var isStaleWritten = await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), second, RedisLink.Token);

        Assert.True(isWritten);
        Assert.False(isStaleWritten);
        Assert.Equal(third, (await _store.FindAsync(_subject, RedisLink.Token))!.Version);
    }

    [Fact]
    public async Task TryWriteAsync_RunTwice_GoesByItsDigest()
    {
        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token);
        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), Guid.NewGuid(), RedisLink.Token);

        Assert.Contains("cmdstat_evalsha:calls=", _server.Execute("INFO", "commandstats"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryWriteAsync_ServerKilledAndStarted_SwapsAgainWithoutANewStore()
    {
        var first = Guid.NewGuid();
        Assert.True(await _store.TryWriteAsync(_subject, Document, first, null, RedisLink.Token));

        await _server.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), first, RedisLink.Token));
        await _server.StartAsync();
        await RedisLink.UntilWorksAsync(() => _store.FindAsync(_subject, RedisLink.Token).AsTask());

        var found = await _store.FindAsync(_subject, RedisLink.Token);
        Assert.True(await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), found!.Version, RedisLink.Token));
        Assert.Equal(Document, found.Document.ToArray());
    }

    [Fact]
    public async Task TryWriteAsync_AnyWrite_LeavesNothingThatExpires()
    {
        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token);

        Assert.Equal("-1", _server.Execute("TTL", "callroute:mfa:{t:tenant:user%7D%3A%7B*}"));
    }

    [Fact]
    public async Task AnyCall_TokenAlreadyCancelled_SendsNothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.FindAsync(_subject, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _store.TryDeleteAsync(_subject, Guid.NewGuid(), cancelled));

        Assert.Equal("0", _server.Execute("DBSIZE"));
    }

    [Fact]
    public async Task FindAsync_ServerStandsStill_IsLeftByTheToken()
    {
        await _store.FindAsync(_subject, RedisLink.Token);
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
        await _store.FindAsync(_subject, RedisLink.Token);
        _server.Pause();

        var document = Document.ToArray();
        await Assert.ThrowsAnyAsync<TimeoutException>(async () => await _store.TryWriteAsync(_subject, document, version, null, RedisLink.Token));
        document.AsSpan().Clear();
        _server.Resume();

        // It was under way, and arrives whole or not at all.
        await RedisLink.UntilWorksAsync(() => _store.FindAsync(_subject, RedisLink.Token).AsTask());
        var found = await _store.FindAsync(_subject, RedisLink.Token);
        Assert.True(found is null || (found.Version == version && found.Document.Span.SequenceEqual(Document)));
    }

    [Fact]
    public async Task FindAsync_KeyOfAnotherKind_Throws()
    {
        _server.Execute("SET", "callroute:mfa:{u:alice}", "x");

        await Assert.ThrowsAsync<RedisServerException>(async () => await _store.FindAsync(new MfaSubject("alice"), RedisLink.Token));
    }

    [Theory]
    [InlineData("v")]
    [InlineData("d")]
    public async Task FindAsync_HalfARecord_ThrowsAndIsNotTakenForNone(string field)
    {
        _server.Execute("HSET", "callroute:mfa:{u:alice}", field, "x");

        await Assert.ThrowsAsync<InvalidDataException>(async () => await _store.FindAsync(new MfaSubject("alice"), RedisLink.Token));
    }

    [Fact]
    public async Task FindAsync_DefaultSubject_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.FindAsync(default, RedisLink.Token));

    [Fact]
    public async Task ScanAsync_ForeignKeysAround_ListsOurSubjectsOnly()
    {
        var store = new RedisMfaStore(_redis, new RedisMfaStoreOptions { KeyPrefix = "app.mfa:" });
        var subjects = Enumerable.Range(0, 300).Select(i => new MfaSubject($"user:{i}", i % 2 == 0 ? null : "ten}ant")).ToHashSet();
        foreach (var subject in subjects)
        {
            await store.TryWriteAsync(subject, Document, Guid.NewGuid(), null, RedisLink.Token);
        }

        await _store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token);
        _server.Execute("SET", "app.mfa:{u:", "x");
        _server.Execute("SET", "appXmfa:{u:alice}", "x");

        Assert.Equal(subjects, (await store.ScanAsync(RedisLink.Token).ToListAsync(RedisLink.Token)).ToHashSet());
        Assert.Equal([_subject], await _store.ScanAsync(RedisLink.Token).ToListAsync(RedisLink.Token));
    }

    [Fact]
    public async Task ScanAsync_OtherDatabase_SeesItsOwnRecordsOnly()
    {
        await using var other = await RedisLink.ConnectAsync(_server.ConnectionString, options => options.DefaultDatabase = 3);
        var store = new RedisMfaStore(other);

        await store.TryWriteAsync(_subject, Document, Guid.NewGuid(), null, RedisLink.Token);

        Assert.Equal([_subject], await store.ScanAsync(RedisLink.Token).ToListAsync(RedisLink.Token));
        Assert.Empty(await _store.ScanAsync(RedisLink.Token).ToListAsync(RedisLink.Token));
        Assert.Null(await _store.FindAsync(_subject, RedisLink.Token));
    }

    [Fact]
    public async Task ScanAsync_ServerAway_Throws()
    {
        await _server.KillAsync();

        await Assert.ThrowsAnyAsync<Exception>(async () => await _store.ScanAsync(RedisLink.Token).ToListAsync(RedisLink.Token));
    }
}
