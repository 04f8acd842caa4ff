using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Stores that compare, create, replace or delete wrongly.</summary>
internal static partial class BrokenStores
{
    /// <summary>Writes without comparing versions.</summary>
    public static AlteredStore LastWriteWinsStore(IMfaStore data) => new(data)
    {
        Write = async w =>
        {
            await RoundTrip.TakeAsync();
            return await data.ForceAsync(w);
        },
    };

    private static IEnumerable<BrokenStore> Writes() =>
    [
        OnFind(
            "finds what is not there",
            async (data, subject) => await data.FindAsync(subject) ?? new StoredRecord("{}"u8.ToArray(), Guid.NewGuid()),
            "Find_NothingWritten_IsNull"),
        OnWrite("writes nothing", (_, _) => new(true), "Create_Nothing_ReadsBack", "Replace_RightVersion_ReadsBack"),
        OnWrite(
            "creates over what exists",
            (data, w) => w.Expected is null ? data.ForceAsync(w) : data.WriteAsync(w),
            "Create_Existing_ChangesNothing", "Create_SixtyFourAtOnce_OneWins", "CreateAndDelete_ManyTaking_HaveItOneByOne"),
        On(
            "lets the last write win",
            LastWriteWinsStore,
            "Replace_StaleVersion_ChangesNothing", "Replace_UnknownVersion_ChangesNothing",
            "Replace_VersionOfAnotherSubject_ChangesNothing", "Replace_EarlierVersions_AllStayDead", "Replace_SixtyFourAtOnce_OneWins"),
        OnWrite(
            "creates when it should replace",
            async (data, w) => await data.WriteAsync(await data.FindAsync(w.Subject) is null ? w with { Expected = null } : w),
            "Replace_Nothing_CreatesNothing", "Replace_AfterDelete_CreatesNothing"),
        OnWrite(
            "keeps the version when it replaces",
            (data, w) => data.WriteAsync(w with { Version = w.Expected ?? w.Version }),
            "Replace_RightVersion_ReadsBack", "Replace_LongChain_ReadsEveryWrite"),
        OnWrite("looks for the version in any row", WriteIfAnyRowMatchesAsync, "Replace_VersionOfAnotherSubject_ChangesNothing"),
        OnWrite(
            "writes no equal document",
            async (data, w) => await HasEqualAsync(data, w) && await data.VersionAsync(w.Subject) == w.Expected || await data.WriteAsync(w),
            "Replace_EqualDocument_ChangesTheVersion"),
        OnWrite(
            "reports success for an equal document",
            async (data, w) => await HasEqualAsync(data, w) || await data.WriteAsync(w),
            "Replace_EqualDocumentAndStaleVersion_ChangesNothing", "Create_Existing_ChangesNothing"),
        OnWrite(
            "throws when a write loses",
            async (data, w) => await data.WriteAsync(w) ? true : throw new InvalidOperationException("Duplicate key."),
            "Write_Conflicting_ReturnsFalse", "Create_SixtyFourAtOnce_OneWins"),
    ];

    private static IEnumerable<BrokenStore> Deletes() =>
    [
        OnDelete(
            "deletes nothing",
            async (data, d) => await data.VersionAsync(d.Subject) == d.Expected,
            "Delete_RightVersion_LeavesNothing", "Delete_Twice_IsTrueOnce"),
        OnDelete(
            "deletes any version",
            (data, d) => data.ForceDeleteAsync(d.Subject),
            "Delete_StaleVersion_ChangesNothing", "Replace_EarlierVersions_AllStayDead", "Version_OneDigitDifferent_IsAnother"),
        OnDelete(
            "reports success when there is nothing to delete",
            async (data, d) => await data.DeleteAsync(d) || await data.FindAsync(d.Subject) is null,
            "Delete_Nothing_IsFalse", "Delete_Twice_IsTrueOnce", "Delete_SixtyFourAtOnce_OneWins"),
        On<ConcurrentDictionary<MfaSubject, bool>>(
            "never creates a deleted subject again",
            (data, dead) => new AlteredStore(data)
            {
                Write = w => dead.ContainsKey(w.Subject) ? new(false) : data.WriteAsync(w),
                Delete = d => data.DeleteAsync(d with { Subject = Remember(dead, d.Subject, true) }),
            },
            "Create_AfterDelete_ReadsBack"),
        OnDelete(
            "deletes by prefix",
            (data, d) => data.DeleteAllAsync(
                d, other => other.Tenant == d.Subject.Tenant && other.UserId.StartsWith(d.Subject.UserId, StringComparison.Ordinal)),
            "Subject_Prefix_Distinguishes"),
        OnDelete(
            "deletes the user in every tenant",
            (data, d) => data.DeleteAllAsync(d, other => other.UserId == d.Subject.UserId),
            "Write_OneSubject_LeavesTheOthers", "Subject_Tenant_IsAPartOfItsOwn"),
    ];

    private static IEnumerable<BrokenStore> Versions() =>
    [
        On<ConcurrentDictionary<Guid, int>>(
            "counts versions from zero again",
            (data, revisions) => CountVersions(data, revisions, int.MaxValue),
            "Replace_VersionFromBeforeDelete_ChangesNothing"),
        On<ConcurrentDictionary<Guid, int>>(
            "counts versions in four bits",
            (data, revisions) => CountVersions(data, revisions, 16),
            "Replace_EarlierVersions_AllStayDead"),
        OnVersion(
            "keeps the low half of a version",
            v => new string('0', 16) + v[16..],
            "Version_Extreme_RoundTrips", "Version_OneDigitDifferent_IsAnother"),
        OnVersion("keeps the high half of a version", v => v[..16] + new string('0', 16), "Version_OneDigitDifferent_IsAnother"),
        OnVersion(
            "drops the top bit of a version", v => "01234567"[Convert.ToInt32(v[..1], 16) % 8] + v[1..], "Version_Extreme_RoundTrips"),
        OnVersion("drops the last digit of a version", v => v[..31] + '0', "Version_OneDigitDifferent_IsAnother"),
    ];

    private static BrokenStore OnVersion(string name, Func<string, string> change, params string[] rejectedBy)
    {
        return On(
            name,
            data => new AlteredStore(data)
            {
                Write = w => data.WriteAsync(w with { Version = Of(w.Version), Expected = w.Expected is { } old ? Of(old) : null }),
                Delete = d => data.DeleteAsync(d with { Expected = Of(d.Expected) }),
            },
            rejectedBy);

        Guid Of(Guid version) => Guid.ParseExact(change(version.ToString("N")), "N");
    }

    // Compares a counter instead of the version.
    private static AlteredStore CountVersions(IMfaStore data, ConcurrentDictionary<Guid, int> revisions, int modulus)
    {
        return new(data)
        {
            Write = async w =>
            {
                revisions[w.Version] = w.Expected is { } version ? RevisionOf(version) + 1 : 0;
                return await data.WriteAsync(w with { Expected = await LikeAsync(w.Subject, w.Expected) });
            },
            Delete = async d => await data.DeleteAsync(d with { Expected = await LikeAsync(d.Subject, d.Expected) ?? d.Expected }),
        };

        async ValueTask<Guid?> LikeAsync(MfaSubject subject, Guid? expected) =>
            expected is { } version
            && await data.VersionAsync(subject) is { } current
            && RevisionOf(current) % modulus == RevisionOf(version) % modulus
                ? current
                : expected;

        int RevisionOf(Guid version) => revisions.GetValueOrDefault(version, -1);
    }

    private static async ValueTask<bool> WriteIfAnyRowMatchesAsync(IMfaStore data, WriteCall w)
    {
        await foreach (var other in data.Subjects(w.Token))
        {
            if (w.Expected is not null && await data.VersionAsync(other) == w.Expected)
            {
                return await data.ForceAsync(w);
            }
        }

        return await data.WriteAsync(w);
    }

    private static async ValueTask<bool> HasEqualAsync(IMfaStore data, WriteCall w) =>
        await data.FindAsync(w.Subject) is { } stored && stored.Document.Span.SequenceEqual(w.Document.Span);

    private static TKey Remember<TKey, TValue>(ConcurrentDictionary<TKey, TValue> memory, TKey key, TValue value)
        where TKey : notnull
    {
        memory[key] = value;
        return key;
    }
}
