using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Every broken store, with the cases that must reject it.</summary>
internal static class BrokenStores
{
    public static IReadOnlyList<BrokenStore> All { get; } = [.. Answers(), .. Deletes(), .. Versions(), .. Documents(), .. Subjects(), .. Races(), .. Memories(), .. Scans(), .. Surroundings()];

    private static BrokenStore On(string name, Func<InMemoryMfaStore, IMfaStore> open, params string[] rejectedBy) => new(name, () => Opener(new(), open), rejectedBy);

    private static BrokenStore On<TShared>(string name, Func<InMemoryMfaStore, TShared, IMfaStore> open, params string[] rejectedBy)
        where TShared : new() =>
        new(name, () => Opener(new TShared(), open), rejectedBy);

    private static Func<IMfaStore> Opener(InMemoryMfaStore data, Func<InMemoryMfaStore, IMfaStore> open) => () => open(data);

    private static Func<IMfaStore> Opener<TShared>(TShared shared, Func<InMemoryMfaStore, TShared, IMfaStore> open) => Opener(new(), data => open(data, shared));

    private static IEnumerable<BrokenStore> Answers() =>
    [
        On("finds what is not there", data => new InventingStore(data), "Find_NothingWritten_IsNull"),
        On("writes nothing", data => new ForgettingStore(data), "Create_Nothing_ReadsBack", "Replace_RightVersion_ReadsBack"),
        On("creates over what exists", data => new UpsertingStore(data), "Create_Existing_ChangesNothing", "Create_SixtyFourAtOnce_OneWins", "CreateAndDelete_ManyTaking_HaveItOneByOne"),
        On("lets the last write win", data => new LastWriteWinsStore(data), "Replace_StaleVersion_ChangesNothing", "Replace_UnknownVersion_ChangesNothing", "Replace_VersionOfAnotherSubject_ChangesNothing", "Replace_EarlierVersions_AllStayDead", "Replace_SixtyFourAtOnce_OneWins"),
        On("creates by swapping", data => new CreatingSwapStore(data), "Replace_Nothing_CreatesNothing", "Replace_AfterDelete_CreatesNothing"),
        On("keeps the version in a swap", data => new VersionKeepingStore(data), "Replace_RightVersion_ReadsBack", "Replace_LongChain_ReadsEveryWrite"),
        On("looks for the version in any row", data => new AnyRowStore(data), "Replace_VersionOfAnotherSubject_ChangesNothing"),
        On("writes no equal document", data => new EqualSkippingStore(data, checks: true), "Replace_EqualDocument_ChangesTheVersion"),
        On("calls an equal document written", data => new EqualSkippingStore(data, checks: false), "Replace_EqualDocumentAndStaleVersion_ChangesNothing", "Create_Existing_ChangesNothing"),
        On("throws where a write is lost", data => new ThrowingWhenLostStore(data), "Write_Conflicting_ReturnsFalse", "Create_SixtyFourAtOnce_OneWins"),
        On("deletes the user in every tenant", data => new UserSharingStore(data), "Write_OneSubject_LeavesTheOthers", "Subject_Tenant_IsAPartOfItsOwn"),
    ];

    private static IEnumerable<BrokenStore> Deletes() =>
    [
        On("deletes nothing", data => new NeverDeletingStore(data), "Delete_RightVersion_LeavesNothing", "Delete_Twice_IsTrueOnce"),
        On("deletes any version", data => new DeletingAnyVersionStore(data), "Delete_StaleVersion_ChangesNothing", "Replace_EarlierVersions_AllStayDead", "Version_OneDigitDifferent_IsAnother"),
        On("calls what is not there deleted", data => new IdempotentDeleteStore(data), "Delete_Nothing_IsFalse", "Delete_Twice_IsTrueOnce", "Delete_SixtyFourAtOnce_OneWins"),
        On<ConcurrentDictionary<MfaSubject, bool>>("lets nobody come back", (data, dead) => new TombstoneStore(data, dead), "Create_AfterDelete_ReadsBack"),
        On("deletes by prefix", data => new PrefixDeletingStore(data), "Subject_Prefix_Distinguishes"),
    ];

    private static IEnumerable<BrokenStore> Versions() =>
    [
        On<ConcurrentDictionary<Guid, int>>("counts versions from zero again", (data, revisions) => new RevisionStore(data, revisions, int.MaxValue), "Replace_VersionFromBeforeDelete_ChangesNothing"),
        On<ConcurrentDictionary<Guid, int>>("counts versions in four bits", (data, revisions) => new RevisionStore(data, revisions, 16), "Replace_EarlierVersions_AllStayDead"),
        On("keeps the low half of a version", data => new TranslatingStore(data) { Version = v => new string('0', 16) + v[16..] }, "Version_Extreme_RoundTrips", "Version_OneDigitDifferent_IsAnother"),
        On("keeps the high half of a version", data => new TranslatingStore(data) { Version = v => v[..16] + new string('0', 16) }, "Version_OneDigitDifferent_IsAnother"),
        On("drops the top bit of a version", data => new TranslatingStore(data) { Version = v => "01234567"[Convert.ToInt32(v[..1], 16) % 8] + v[1..] }, "Version_Extreme_RoundTrips"),
        On("drops the last digit of a version", data => new TranslatingStore(data) { Version = v => v[..31] + '0' }, "Version_OneDigitDifferent_IsAnother"),
    ];

    private static IEnumerable<BrokenStore> Documents() =>
    [
        On("keeps documents as text", data => new TranslatingStore(data) { Document = d => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(d.Span)) }, "Document_EveryByte_ReadsBack", "Document_NoValidText_ReadsBack"),
        On("ends documents at a zero", data => new TranslatingStore(data) { Document = d => d.Span.Contains((byte)0) ? d[..d.Span.IndexOf((byte)0)] : d }, "Document_EveryByte_ReadsBack"),
        On("trims documents", data => new TranslatingStore(data) { Document = d => d.TrimEnd("\0 \r\n"u8) }, "Document_NoValidText_ReadsBack"),
        On("formats JSON", data => new TranslatingStore(data) { Document = Reformat }, "Document_OddJson_ReadsBack"),
        On("cuts documents at 64 KiB", data => new TranslatingStore(data) { Document = d => d[..Math.Min(d.Length, 65_535)] }, "Document_OneMebibyte_ReadsBack"),
        On("takes an empty document for none", data => new EmptyIsNothingStore(data), "Document_Empty_ReadsBack"),
        On("writes over the longer document", data => new OverwritingStore(data), "Document_ShorterThanBefore_ReadsBack"),
        On<ConcurrentDictionary<Guid, ReadOnlyMemory<byte>>>("keeps the caller's buffer", (data, buffers) => new BufferKeepingStore(data, buffers), "Document_BufferReused_StaysAsWritten"),
        On("writes the whole array", data => new WholeArrayStore(data), "Document_PartOfABuffer_ReadsBackAlone"),
        On("reads into one buffer", data => new OneReadBufferStore(data), "Document_ReadBefore_StaysAsRead"),
    ];

    private static IEnumerable<BrokenStore> Subjects() =>
    [
        OnText("folds case", text => text.ToLowerInvariant(), "Subject_Case_Distinguishes", "Subject_CaseVariantsAtOnce_AreAllCreated", "Scan_OddSubjects_AreListedAsGiven"),
        OnText("folds the Turkish i", text => text.Replace('\u0130', 'i').Replace('\u0131', 'i'), "Subject_TurkishI_Distinguishes"),
        OnText("composes characters", text => text.Normalize(), "Subject_NormalForm_Distinguishes", "Scan_OddSubjects_AreListedAsGiven"),
        OnText("composes compatible characters", text => text.Normalize(NormalizationForm.FormKC), "Subject_NormalForm_Distinguishes"),
        OnText("keeps the basic plane", text => string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp ? rune.ToString() : "?")), "Subject_Emoji_Distinguishes"),
        OnText("ignores the invisible", text => string.Concat(text.Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format)), "Subject_InvisibleCharacters_Distinguish"),
        OnText("trims subjects", text => text.Trim(), "Subject_Blanks_Distinguish", "Scan_OddSubjects_AreListedAsGiven"),
        OnText("pads subjects", text => text.TrimEnd(' '), "Subject_Blanks_Distinguish"),
        OnText("doubles quotes once", text => text.Replace("''", "'", StringComparison.Ordinal), "Subject_Punctuation_IsPlainText"),
        OnText("reads escapes", Uri.UnescapeDataString, "Subject_Punctuation_IsPlainText"),
        OnText("reads backslashes", text => text.Replace(@"\\", @"\", StringComparison.Ordinal), "Subject_Punctuation_IsPlainText"),
        OnText("reads numbers", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : text, "Subject_Numbers_AreText"),
        OnText("keeps a hash of seven bits a character", text => text.Aggregate(0UL, (hash, c) => unchecked(hash * 31 + c)).ToString(CultureInfo.InvariantCulture), "Subject_EqualHash_Distinguishes"),
        OnText("cuts at 255 characters", text => text[..Math.Min(text.Length, 255)], "Subject_FourHundredCharacters_AreKeptWhole"),
        OnText("cuts at 399 characters", text => text[..Math.Min(text.Length, 399)], "Subject_FourHundredCharacters_AreKeptWhole"),
        OnSubject("joins the parts with a colon", s => s.Tenant is null ? s : Joined($"{s.UserId}:{s.Tenant}"), "Subject_Tenant_IsAPartOfItsOwn"),
        OnSubject("joins the parts", s => s.Tenant is null ? s : Joined($"{s.UserId}{s.Tenant}"), "Subject_Tenant_IsAPartOfItsOwn"),
        OnSubject("joins tenant first", s => s.Tenant is null ? s : Joined($"{s.Tenant}/{s.UserId}"), "Subject_Tenant_IsAPartOfItsOwn"),
        OnSubject("knows no tenants", s => new(s.UserId), "Subject_Tenant_IsAPartOfItsOwn", "Subject_NoTenant_IsNoTenantOfAnyName", "Write_OneSubject_LeavesTheOthers", "Scan_OddSubjects_AreListedAsGiven"),
        OnSubject("calls no tenant null", s => new(s.UserId, s.Tenant ?? "null"), "Subject_NoTenant_IsNoTenantOfAnyName", "Scan_OddSubjects_AreListedAsGiven"),
        OnSubject("calls no tenant default", s => new(s.UserId, s.Tenant ?? "default"), "Subject_NoTenant_IsNoTenantOfAnyName", "Scan_OddSubjects_AreListedAsGiven"),
    ];

    private static IEnumerable<BrokenStore> Races() =>
    [
        On("deletes no more after a while", data => new TiredOfDeletingStore(data), "CreateAndDelete_ManyTaking_HaveItOneByOne"),
        On("reads, checks, and writes", data => new ReadCheckWriteStore(data), "Create_SixtyFourAtOnce_OneWins", "Replace_SixtyFourAtOnce_OneWins", "Delete_SixtyFourAtOnce_OneWins", "DeleteAndReplace_AtOnce_OneWins", "Replace_ManyCounting_LosesNothing", "CreateAndDelete_ManyTaking_HaveItOneByOne"),
        On("locks in each object", data => new LockPerObjectStore(data), "Create_SixtyFourAtOnce_OneWins", "Replace_SixtyFourAtOnce_OneWins", "Delete_SixtyFourAtOnce_OneWins", "DeleteAndReplace_AtOnce_OneWins", "Replace_ManyCounting_LosesNothing", "CreateAndDelete_ManyTaking_HaveItOneByOne"),
        On("denies swaps that won", data => new DenyingStore(data), "Replace_ManyCounting_LosesNothing", "Replace_LongChain_ReadsEveryWrite"),
        On("deletes before it creates", data => new DeleteThenCreateStore(data), "Find_WhileOthersReplace_IsWholeAndNeverOlder"),
        On<ConcurrentDictionary<MfaSubject, byte[]>>("keeps versions elsewhere", (data, documents) => new TornStore(data, documents), "Find_WhileOthersReplace_IsWholeAndNeverOlder"),
        On("writes from one buffer", data => new OneWriteBufferStore(data), "Write_ManySubjectsAtOnce_KeepsThemApart"),
    ];

    private static IEnumerable<BrokenStore> Memories() =>
    [
        On("caches over its own writes", data => new CachingStore(data, keepsOwnWrites: true, keepsNothing: false), "Replace_LongChain_ReadsEveryWrite"),
        On("caches over the writes of others", data => new CachingStore(data, keepsOwnWrites: false, keepsNothing: false), "Find_OtherStore_SeesEveryWriteAtOnce"),
        On("caches that there was nothing", data => new CachingStore(data, keepsOwnWrites: false, keepsNothing: true), "Find_OtherStoreThatFoundNothing_SeesTheCreate"),
        On("keeps data in each object", _ => new InMemoryMfaStore(), "Restart_AcknowledgedWrites_AreStored", "Find_OtherStore_SeesEveryWriteAtOnce", "Write_OtherStore_TakesTurns", "Find_OtherStoreThatFoundNothing_SeesTheCreate"),
        On("writes behind", data => new WriteBehindStore(data), "Find_OtherStore_SeesEveryWriteAtOnce", "Write_OtherStore_TakesTurns"),
        On<ConcurrentDictionary<MfaSubject, StoredRecord?>>("reads a copy that lags", (data, copy) => new LaggingStore(data, copy), "Find_OtherStore_SeesEveryWriteAtOnce", "Replace_LongChain_ReadsEveryWrite", "Create_Nothing_ReadsBack"),
        On<ConcurrentQueue<MfaSubject>>("has room for a thousand", (data, order) => new BoundedStore(data, order), "Records_OverAThousand_AllStay", "Scan_OverAThousand_ListsAll"),
    ];

    private static IEnumerable<BrokenStore> Scans() =>
    [
        On("lists a thousand", data => new MislistingStore(data, all => all.Take(1000)), "Scan_OverAThousand_ListsAll"),
        On("lists each user once", data => new MislistingStore(data, all => all.DistinctBy(s => s.UserId)), "Scan_OddSubjects_AreListedAsGiven"),
        On("lists without tenants", data => new MislistingStore(data, all => all.Select(s => new MfaSubject(s.UserId))), "Scan_OddSubjects_AreListedAsGiven", "Scan_OverAThousand_ListsAll"),
        On<ConcurrentDictionary<MfaSubject, bool>>("lists the deleted", (data, known) => new ListingTheDeadStore(data, known), "Scan_Deleted_IsNotListed", "Scan_CancelledToken_Throws"),
        On<ConcurrentDictionary<MfaSubject, long>>("lists by row number", (data, order) => new OffsetPagingStore(data, order), "Scan_WhileListedAreDeleted_ListsTheRest", "Scan_WhileListedAreReplaced_ListsTheRest"),
        On("lists what must not change", data => new FragileScanStore(data), "Scan_WhileListedAreReplaced_ListsTheRest", "Scan_WhileOthersAreCreated_ListsTheRest"),
        On("loses what a scan held", data => new LeakingScanStore(data), "Scan_EndedEarly_HoldsNothing"),
    ];

    private static IEnumerable<BrokenStore> Surroundings() =>
    [
        On("hears no cancellation", data => new NeverCancelledStore(data), "Cancelled_Find_Throws", "Cancelled_Create_ChangesNothing", "Cancelled_Replace_ChangesNothing", "Cancelled_Delete_ChangesNothing", "Scan_CancelledToken_Throws"),
        On("hears of cancellation too late", data => new LateCancelledStore(data), "Cancelled_Create_ChangesNothing", "Cancelled_Replace_ChangesNothing", "Cancelled_Delete_ChangesNothing"),
        On("joins the caller's transaction", data => new EnlistingStore(data), "AmbientTransaction_RolledBack_KeepsTheCreate", "AmbientTransaction_RolledBack_KeepsTheReplacement", "AmbientTransaction_RolledBack_KeepsTheDelete"),
        On("waits for the caller's transaction", data => new WaitingForTheEndStore(data), "AmbientTransaction_Open_HidesNoWrite"),
    ];

    private static BrokenStore OnText(string name, Func<string, string> text, params string[] rejectedBy) =>
        On(name, data => new TranslatingStore(data) { Text = text }, rejectedBy);

    private static BrokenStore OnSubject(string name, Func<MfaSubject, MfaSubject> subject, params string[] rejectedBy) =>
        On(name, data => new TranslatingStore(data) { Subject = subject }, rejectedBy);

    private static MfaSubject Joined(string text) => text.Length <= MfaSubject.MaximumLength
        ? new(text)
        : new(text[..MfaSubject.MaximumLength], text[MfaSubject.MaximumLength..]);

    private static ReadOnlyMemory<byte> Reformat(ReadOnlyMemory<byte> document)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<JsonElement>(document.Span));
        }
        catch (JsonException)
        {
            return document;
        }
    }
}
