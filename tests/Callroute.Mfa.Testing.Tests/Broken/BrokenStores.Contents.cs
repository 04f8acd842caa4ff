using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>Stores that change documents or subjects.</summary>
internal static partial class BrokenStores
{
    private static readonly (string Factor, string Devices)[] Throttles =
    [
        ("totpThrottle", "knownDevices"), ("totpThrottle", "unknownDevices"),
        ("recoveryThrottle", "knownDevices"), ("recoveryThrottle", "unknownDevices"),
    ];

    /// <summary>
    /// Stores the failure counters in separate fields. The engine returns every field as text; the store expects a number, finds none, and
    /// reads zero (Vikunja on Redis).
    /// </summary>
    public static AlteredStore StringCounterStore(IMfaStore data)
    {
        var fields = new ConcurrentDictionary<(MfaSubject Subject, string Throttle), object>();
        return new(data)
        {
            Find = async (subject, token) => await data.FindAsync(subject, token) is { } stored ? Read(subject, stored) : null,
            Write = async w =>
            {
                var isWritten = await data.WriteAsync(w);
                if (isWritten)
                {
                    Map(w.Document, (throttle, name) => fields[(w.Subject, name)] = $"{throttle["failures"]}");
                }

                return isWritten;
            },
        };

        StoredRecord Read(MfaSubject subject, StoredRecord stored) => new(
            Map(stored.Document, (throttle, name) => throttle["failures"] = CountOf((subject, name))), stored.Version);

        int CountOf((MfaSubject Subject, string Throttle) key) => fields.TryGetValue(key, out var field) && field is int count ? count : 0;
    }

    private static byte[] Map(ReadOnlyMemory<byte> document, Action<JsonNode, string> change)
    {
        var json = JsonNode.Parse(document.Span)!;
        foreach (var (factor, devices) in Throttles)
        {
            if (json[factor]?[devices] is { } throttle)
            {
                change(throttle, $"{factor}/{devices}");
            }
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static IEnumerable<BrokenStore> Documents() =>
    [
        OnDocument(
            "keeps documents as text",
            document => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(document.Span)),
            "Document_EveryByte_ReadsBack", "Document_NoValidText_ReadsBack"),
        OnDocument(
            "ends documents at a zero",
            document => document.Span.Contains((byte)0) ? document[..document.Span.IndexOf((byte)0)] : document,
            "Document_EveryByte_ReadsBack"),
        OnDocument("trims documents", document => document.TrimEnd("\0 \r\n"u8), "Document_NoValidText_ReadsBack"),
        OnDocument("formats JSON", Reformat, "Document_OddJson_ReadsBack"),
        OnDocument("cuts documents at 64 KiB", document => document[..Math.Min(document.Length, 65_535)], "Document_OneMebibyte_ReadsBack"),
        OnDocument(
            "writes the whole array behind the memory",
            document => MemoryMarshal.TryGetArray(document, out var segment) ? segment.Array : document,
            "Document_PartOfABuffer_ReadsBackAlone"),
        On("reads counters as text", StringCounterStore, "Document_EveryByte_ReadsBack"),
        OnFind(
            "finds no empty document",
            async (data, subject) => await data.FindAsync(subject) is { Document.Length: > 0 } found ? found : null,
            "Document_Empty_ReadsBack"),
        OnWrite("does not cut the longer document", WriteOverAsync, "Document_ShorterThanBefore_ReadsBack"),
        On<ConcurrentDictionary<Guid, ReadOnlyMemory<byte>>>(
            "keeps the caller's buffer",
            (data, buffers) => new AlteredStore(data)
            {
                Find = async (subject, token) =>
                    await data.FindAsync(subject, token) is { } found ? new StoredRecord(buffers[found.Version], found.Version) : null,
                Write = w => data.WriteAsync(w with { Version = Remember(buffers, w.Version, w.Document) }),
            },
            "Document_BufferReused_StaysAsWritten"),
        On("reads into one buffer", ReadIntoOneBuffer, "Document_ReadBefore_StaysAsRead"),
    ];

    private static IEnumerable<BrokenStore> Subjects() =>
    [
        OnText(
            "folds case",
            text => text.ToLowerInvariant(),
            "Subject_Case_Distinguishes", "Subject_CaseVariantsAtOnce_AreAllCreated", "Scan_OddSubjects_AreListedAsGiven"),
        OnText("folds the Turkish i", text => text.Replace('\u0130', 'i').Replace('\u0131', 'i'), "Subject_TurkishI_Distinguishes"),
        OnText("composes characters", text => text.Normalize(), "Subject_NormalForm_Distinguishes", "Scan_OddSubjects_AreListedAsGiven"),
        OnText(
            "composes compatible characters",
            text => text.Normalize(NormalizationForm.FormKC),
            "Subject_NormalForm_Distinguishes"),
        OnText(
            "keeps the basic plane",
            text => string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp ? rune.ToString() : "?")),
            "Subject_Emoji_Distinguishes"),
        OnText(
            "ignores invisible characters",
            text => string.Concat(text.Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format)),
            "Subject_InvisibleCharacters_Distinguish"),
        OnText("trims subjects", text => text.Trim(), "Subject_Blanks_Distinguish", "Scan_OddSubjects_AreListedAsGiven"),
        OnText("pads subjects", text => text.TrimEnd(' '), "Subject_Blanks_Distinguish"),
        OnText("doubles quotes once", text => text.Replace("''", "'", StringComparison.Ordinal), "Subject_Punctuation_IsPlainText"),
        OnText("reads escapes", Uri.UnescapeDataString, "Subject_Punctuation_IsPlainText"),
        OnText("reads backslashes", text => text.Replace(@"\\", @"\", StringComparison.Ordinal), "Subject_Punctuation_IsPlainText"),
        OnText(
            "reads numbers",
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number.ToString(CultureInfo.InvariantCulture)
                : text,
            "Subject_Numbers_AreText"),
        OnText(
            "keeps a weak hash",
            text => text.Aggregate(0UL, (hash, c) => unchecked(hash * 31 + c)).ToString(CultureInfo.InvariantCulture),
            "Subject_EqualHash_Distinguishes"),
        OnText("cuts at 255 characters", text => text[..Math.Min(text.Length, 255)], "Subject_FourHundredCharacters_AreKeptWhole"),
        OnText("cuts at 399 characters", text => text[..Math.Min(text.Length, 399)], "Subject_FourHundredCharacters_AreKeptWhole"),
        OnTenant("joins the parts with a colon", s => Joined($"{s.UserId}:{s.Tenant}"), "Subject_Tenant_IsAPartOfItsOwn"),
        OnTenant("joins the parts", s => Joined($"{s.UserId}{s.Tenant}"), "Subject_Tenant_IsAPartOfItsOwn"),
        OnTenant("joins tenant first", s => Joined($"{s.Tenant}/{s.UserId}"), "Subject_Tenant_IsAPartOfItsOwn"),
        OnTenant(
            "ignores the tenant",
            s => new(s.UserId),
            "Subject_Tenant_IsAPartOfItsOwn", "Subject_NoTenant_IsNoTenantOfAnyName", "Write_OneSubject_LeavesTheOthers",
            "Scan_OddSubjects_AreListedAsGiven"),
        OnSubject(
            "stores no tenant as null",
            s => new(s.UserId, s.Tenant ?? "null"),
            "Subject_NoTenant_IsNoTenantOfAnyName", "Scan_OddSubjects_AreListedAsGiven"),
        OnSubject(
            "stores no tenant as default",
            s => new(s.UserId, s.Tenant ?? "default"),
            "Subject_NoTenant_IsNoTenantOfAnyName", "Scan_OddSubjects_AreListedAsGiven"),
    ];

    private static BrokenStore OnDocument(
        string name, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> change, params string[] rejectedBy) =>
        OnWrite(name, (data, w) => data.WriteAsync(w with { Document = change(w.Document) }), rejectedBy);

    private static BrokenStore OnText(string name, Func<string, string> change, params string[] rejectedBy)
    {
        return OnSubject(name, s => new MfaSubject(Of(s.UserId), s.Tenant is null ? null : Of(s.Tenant)), rejectedBy);

        string Of(string text) => change(text) is { Length: > 0 } changed ? changed : "-";
    }

    private static BrokenStore OnTenant(string name, Func<MfaSubject, MfaSubject> change, params string[] rejectedBy) =>
        OnSubject(name, s => s.Tenant is null ? s : change(s), rejectedBy);

    private static BrokenStore OnSubject(string name, Func<MfaSubject, MfaSubject> change, params string[] rejectedBy) => On(
        name,
        data => new AlteredStore(data)
        {
            Find = (subject, token) => data.FindAsync(change(subject), token),
            Write = w => data.WriteAsync(w with { Subject = change(w.Subject) }),
            Delete = d => data.DeleteAsync(d with { Subject = change(d.Subject) }),
        },
        rejectedBy);

    private static async ValueTask<bool> WriteOverAsync(IMfaStore data, WriteCall w)
    {
        var old = (await data.FindAsync(w.Subject))?.Document ?? default;
        byte[] document = [.. w.Document.Span, .. old.Span[Math.Min(w.Document.Length, old.Length)..]];
        return await data.WriteAsync(w with { Document = document });
    }

    private static AlteredStore ReadIntoOneBuffer(IMfaStore data)
    {
        var buffer = new byte[1 << 21];
        return new(data)
        {
            Find = async (subject, token) =>
            {
                if (await data.FindAsync(subject, token) is not { } found)
                {
                    return null;
                }

                found.Document.CopyTo(buffer);
                return new StoredRecord(buffer.AsMemory(0, found.Document.Length), found.Version);
            },
        };
    }

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
