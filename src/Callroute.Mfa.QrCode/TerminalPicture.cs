using System.Collections;
using System.Text;

namespace Callroute.Mfa.QrCode;

/// <summary>Draws modules as text: a character is one module wide and two high.</summary>
/// <remarks>
/// A block takes the text's colour, which is light on a dark terminal, so blocks are the light modules: QR codes are dark on
/// light (ISO/IEC 18004 §6.2), and not every app reads an inverted one.
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
                // The number of rows is odd; below the last one is more quiet zone.
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
