namespace SynthStudio.Tabular;

/// <summary>
/// Whether the texts of a column are codes of two capital letters of which NA is one (Namibia, North America, Naples, somebody's initials), and not a missing
/// value: all others must be such codes, and NA no commoner than the commonest of them.
/// </summary>
internal sealed class CodeEvidence
{
    /// <summary>Of so many countries, or continents, one may well be missing by chance. States of one country are other codes.</summary>
    private const int FewestCountries = 10, FewestContinents = 4;

    /// <summary>Of so many pairs of letters one may be any.</summary>
    private const int FewestPairs = 100;

    /// <summary>ISO 3166-1 alpha-2, with the four that are used beside it.</summary>
    private static readonly HashSet<int> Countries = Codes(
        "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZ"
        + "ECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZ"
        + "LALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQA"
        + "RERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW"
        + "ELEUUKXK");

    private static readonly HashSet<int> Continents = Codes("AFANASEUNAOCSA");

    private long distinct, mostRows;

    /// <summary>Whether all texts so far are two capital letters.</summary>
    public bool ArePairs { get; private set; } = true;

    /// <summary>Whether all are codes of countries.</summary>
    public bool AreCountries { get; private set; } = true;

    /// <summary>Whether all are codes of continents.</summary>
    public bool AreContinents { get; private set; } = true;

    /// <summary>Rows that hold NA.</summary>
    public long NotAvailable { get; private set; }

    /// <summary>Whether NA is one of the codes.</summary>
    public bool NotAvailableIsOne => NotAvailable > 0 && NotAvailable <= mostRows
        && ((AreCountries && distinct >= FewestCountries) || (AreContinents && distinct >= FewestContinents) || (ArePairs && distinct >= FewestPairs));

    /// <summary>Counts rows of NA in.</summary>
    public void AddNotAvailable(long rows) => NotAvailable += rows;

    /// <summary>Counts another text in, that occurs in <paramref name="rows"/> rows, and comes only once.</summary>
    public void Add(ReadOnlySpan<byte> text, long rows)
    {
        if (!ArePairs) return;
        ArePairs = text.Length == 2 && text[0] is >= (byte)'A' and <= (byte)'Z' && text[1] is >= (byte)'A' and <= (byte)'Z';
        AreCountries = AreCountries && ArePairs && Countries.Contains(Code(text[0], text[1]));
        AreContinents = AreContinents && ArePairs && Continents.Contains(Code(text[0], text[1]));
        distinct++;
        mostRows = Math.Max(mostRows, rows);
    }

    private static int Code(int first, int second) => (first << 8) | second;

    private static HashSet<int> Codes(string letters) => [.. Enumerable.Range(0, letters.Length / 2).Select(i => Code(letters[2 * i], letters[(2 * i) + 1]))];
}
