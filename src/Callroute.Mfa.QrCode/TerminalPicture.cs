using System.Collections;
using System.Text;

namespace Callroute.Mfa.QrCode;

/// <summary>Draws modules as text. Each character shows two modules, one above the other.</summary>
/// <remarks>
/// QR codes are dark on light (ISO/IEC 18004 §6.2), and some apps cannot read inverted ones. On a dark terminal a block character is light,
/// so blocks are the light modules.
/// </remarks>
internal static class TerminalPicture
{
    private const char BothLight = '█';
    private const char UpperLight = '▀';
    private const char LowerLight = '▄';
    private const char BothDark = ' ';

    public static string Draw(IReadOnlyList<BitArray> modules)
    {
        var text = new StringBuilder();
        for (var row = 0; row < modules.Count; row += 2)
        {
            for (var column = 0; column < modules[row].Count; column++)
            {
                // The number of rows is odd. Treat the missing last row as light, because the quiet zone is light.
                var isLowerDark = row + 1 < modules.Count && modules[row + 1][column];
                text.Append(Block(modules[row][column], isLowerDark));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static char Block(bool isUpperDark, bool isLowerDark) => (isUpperDark, isLowerDark) switch
    {
        (false, false) => BothLight,
        (false, true) => UpperLight,
        (true, false) => LowerLight,
        (true, true) => BothDark,
    };
}
