using System.CommandLine;
using System.Security.Cryptography;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>The options that make a key ring.</summary>
internal sealed class KeyOptions
{
    private readonly Option<string> _active = new("--active-key")
    {
        Required = true,
        HelpName = "ID",
        Description = "The id of the key that encrypts from now on.",
    };

    private readonly Option<string[]> _keys = new("--key")
    {
        Required = true,
        HelpName = "ID=BASE64",
        Description = "A key of the application's ring, the active one too: 32 bytes, as in ID=env:Mfa__Keys__ID. Give all, each in an "
            + $"option of its own. {SecretText.Sources}",
    };

    public void AddTo(Command command)
    {
        command.Add(_active);
        command.Add(_keys);
    }

    /// <summary>Reads the ring. The caller disposes it.</summary>
    /// <exception cref="InputException">A key has another form, or the active key is missing.</exception>
    public KeyRing Read(ParseResult result)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            foreach (var text in result.GetRequiredValue(_keys))
            {
                var (id, key) = ReadKey(text);
                keys[id] = keys.ContainsKey(id) ? throw new InputException($"{_keys.Name}: an id is there twice.") : key;
            }

            return new KeyRing(result.GetRequiredValue(_active), keys);
        }
        catch (ArgumentException exception)
        {
            throw new InputException(exception.ParamName == "activeKeyId"
                ? $"{_active.Name} must be the ID of one of the keys of {_keys.Name}."
                : $"{_keys.Name}: an ID must be 1 to 64 characters of A–Z a–z 0–9 . _ -, and its key 32 bytes.");
        }
        finally
        {
            keys.Values.ToList().ForEach(key => CryptographicOperations.ZeroMemory(key));
        }
    }

    private (string Id, byte[] Key) ReadKey(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        try
        {
            return end > 0
                ? (text[..end], Convert.FromBase64String(SecretText.Read(text[(end + 1)..], _keys.Name)))
                : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new InputException($"{_keys.Name} must be ID=BASE64, ID=-, ID=env:NAME or ID=file:PATH; 'key new' makes a key.");
        }
    }
}
