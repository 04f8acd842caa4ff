using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Issues;

// ASP.NET Core Identity: Base32 decoding stops when the output is full, so a bad last character is never looked at.
public class IdentityBadLastBase32CharacterTests
{
    [Theory]
    [InlineData('1')]
    [InlineData('!')]
    [InlineData('\0')]
    public void TryDecode_BadLastCharacter_IsFound(char last)
    {
        Base32.TryDecode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ" + last, Base32Format.Pasted, out var data, out var error, out var position);

        Assert.Null(data);
        Assert.Equal((Base32Error.InvalidCharacter, 31), (error, position));
    }
}
