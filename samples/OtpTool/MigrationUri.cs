using System.Security.Cryptography;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.OtpTool;

/// <summary>
/// Reads and writes the QR codes of Google Authenticator's export. Google documents no format; the numbers are those that readers of
/// real exports use. An export may have several QR codes, its batch, and each may have several accounts.
/// </summary>
internal static class MigrationUri
{
    private const string Prefix = "otpauth-migration://offline?data=";

    // The app shows at most ten accounts in one QR code.
    private const int AccountsPerCode = 10;
    private const int Version = 1;

    private sealed record Part(IReadOnlyList<ProvisioningUri> Accounts, int Size, int Index, int BatchId);

    public static bool IsOne(string text) => text.StartsWith("otpauth-migration:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads all accounts of an export.</summary>
    /// <exception cref="InputException">A text is not part of an export, or a part is missing.</exception>
    public static IReadOnlyList<ProvisioningUri> ReadAll(IReadOnlyList<string> texts)
    {
        var parts = texts.Select((text, i) => Read(text, $"URI {i + 1}")).ToArray();
        var (size, batch) = (parts[0].Size, parts[0].BatchId);
        if (parts.Any(part => part.Size != size || part.BatchId != batch))
        {
            throw new InputException("The URIs belong to different exports.");
        }

        var missing = Enumerable.Range(0, size).Except(parts.Select(part => part.Index)).Select(index => index + 1).ToArray();
        return missing.Length == 0
            ? [.. parts.DistinctBy(part => part.Index).OrderBy(part => part.Index).SelectMany(part => part.Accounts)]
            : throw new InputException($"The export has {size} QR codes. Missing: {string.Join(", ", missing)}.");
    }

    /// <summary>Writes accounts as the texts of QR codes.</summary>
    /// <exception cref="InputException">The app does not support an account.</exception>
    public static IEnumerable<string> WriteAll(IReadOnlyList<ProvisioningUri> accounts)
    {
        var codes = accounts.Select((account, i) => MigrationAccount.Write(account, $"URI {i + 1}")).Chunk(AccountsPerCode).ToArray();
        var batchId = RandomNumberGenerator.GetInt32(int.MaxValue);
        return codes.Select((messages, index) => Prefix + Uri.EscapeDataString(Convert.ToBase64String(
            Message.Write(output =>
            {
                Array.ForEach(messages, message => output.WriteField(1, message));
                output.WriteField(2, Version);
                output.WriteField(3, codes.Length);
                output.WriteField(4, index);
                output.WriteField(5, batchId);
            }))));
    }

    private static Part Read(string text, string name)
    {
        List<ProvisioningUri> accounts = [];
        var (version, size, index, batchId) = (Version, 1, 0, 0);
        Message.Read(DataOf(text, name), name, (field, input) => field switch
        {
            1 => Do(() => accounts.Add(MigrationAccount.Read(input.ReadBytes().ToByteArray(), $"{name}, account {accounts.Count + 1}"))),
            2 => Do(() => version = input.ReadInt32()),
            3 => Do(() => size = input.ReadInt32()),
            4 => Do(() => index = input.ReadInt32()),
            5 => Do(() => batchId = input.ReadInt32()),
            _ => false,
        });
        return version is 1 or 2 && size is >= 1 and <= 100 && index >= 0 && index < size
            ? new Part(accounts, size, index, batchId)
            : throw new InputException($"{name} is of an unknown version, or its numbers contradict one another.");
    }

    private static byte[] DataOf(string text, string name)
    {
        try
        {
            return text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                ? Convert.FromBase64String(Uri.UnescapeDataString(text[Prefix.Length..]))
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new InputException($"{name} must be {Prefix} and Base64.");
        }
    }

    private static bool Do(Action read)
    {
        read();
        return true;
    }
}
