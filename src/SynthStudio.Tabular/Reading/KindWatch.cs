namespace SynthStudio.Tabular;

/// <summary>
/// Looks at all cells of a column of which only a sample is kept, for texts that say something of its kind that none before them said: the kind
/// of the sample is then the kind of the whole, and a value that fits no declaration is found at once.
/// </summary>
/// <param name="declared">What the user says of the column; null infers everything.</param>
internal sealed class KindWatch(ColumnDeclaration? declared)
{
    /// <summary>Texts remembered so as not to be read again; then memory begins anew.</summary>
    private const int MostTexts = 1 << 16;

    private readonly TextDictionary recent = new();
    private readonly ColumnEvidence evidence = new(declared);
    private readonly List<(byte[] Text, long Row)> witnesses = [];
    private Told told;

    /// <summary>The texts that said something new, and the row of each in the file, from 0. A few dozen at most.</summary>
    public IReadOnlyList<(byte[] Text, long Row)> Witnesses => witnesses;

    /// <summary>Whether some cell was missing.</summary>
    public bool SawMissing { get; private set; }

    /// <summary>Whether so many texts are in no one format of dates and times that they are no slips.</summary>
    public bool SawManySlips => evidence.Moments is { Possible: false, Usual: null };

    /// <summary>Looks at the cells of a chunk.</summary>
    /// <param name="vector">Its column.</param>
    /// <param name="rows">How many.</param>
    /// <param name="firstRow">Number of its first row in the file, from 0.</param>
    public void Look(TextVector vector, int rows, long firstRow)
    {
        for (var row = 0; row < rows; row++)
        {
            if (vector.IsNull(row))
            {
                SawMissing = true;
                continue;
            }

            var known = recent.Count;
            var code = recent.Code(in vector[row]);
            if (code < known)
            {
                continue;
            }

            Read(NullText.Trim(recent.Bytes(code)), firstRow + row);
            if (recent.Count == MostTexts)
            {
                recent.Clear();
            }
        }
    }

    private void Read(ReadOnlySpan<byte> text, long row)
    {
        evidence.Add(text, 1);
        SawMissing |= evidence.Missing > evidence.Codes.NotAvailable; // NA may be a value: it is shown, and counts as what it turns out to be.
        var now = Told.By(evidence);
        if (now != told)
        {
            witnesses.Add((text.ToArray(), row));
            told = now;
        }
    }

    /// <summary>What decides kinds, formats and decimal places, but not shares.</summary>
    private readonly record struct Told(
        bool Numbers, bool Texts, bool Padded, bool Unknown, bool Whole, bool BeyondExact, int MostPlaces, int LeastPlaces, long Few,
        string? Moment, int Moments, string? Duration, string? Money, bool Countries, bool Continents, bool Pairs, bool NotAvailable)
    {
        /// <summary>More distinct values than this are no boolean.</summary>
        private const int Boolean = 2;

        public static Told By(ColumnEvidence e) => new(
            e.Numbers > 0, e.NotNumbers > 0, e.PaddedNumbers > 0, e.Unknown + e.Infinite > 0, e.AllWhole, e.BeyondExact, e.MostPlaces, e.LeastPlaces,
            Math.Min(e.Distinct, Boolean + 1), e.Moments.Pattern, e.Moments.Fitting, e.Durations.Format?.Pattern,
            e.Money.Format?.Pattern, e.Codes.AreCountries, e.Codes.AreContinents, e.Codes.ArePairs, e.Codes.NotAvailable > 0);
    }
}
