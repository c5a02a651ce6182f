using System.Text.Json.Serialization;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>
/// What a small share of the promise buys before the first step: what of the domain was left open (<see cref="DomainPurchase"/>), and one-way marginals
/// of all columns, which give the codecs' counts, the network's first guess and, where it is not declared, the number of rows. Kept in checkpoints, so
/// that a training that goes on does not pay for them twice.
/// </summary>
/// <param name="Codec">Of all columns but ignored ones.</param>
/// <param name="Rows">Rows of the table: as declared, or estimated from the noisy counts.</param>
/// <param name="EventJson">What was spent, as <see cref="PrivacyEventJson"/> writes it.</param>
/// <param name="Bought">What of the domain was bought, for people.</param>
internal sealed record BoughtMarginals(TableCodec Codec, double Rows, string EventJson, IReadOnlyList<string> Bought)
{
    /// <summary>Share of the promise (of 1 over the noise's variance, which adds up), and the domain's part of that if anything of it is bought.</summary>
    private const double BudgetShare = DpSgdCalibration.MarginalShare, DomainPart = 0.4;

    private const string Marginals = "marginals";

    /// <summary>What was spent.</summary>
    [JsonIgnore]
    public PrivacyEvent Event => PrivacyEventJson.Parse(EventJson);

    /// <summary>Buys.</summary>
    /// <remarks>All that the plan foresees is spent, whatever comes out: the noise of the steps that follow may not depend on what was bought.</remarks>
    /// <exception cref="SynthesisException">Something is neither declared nor bought, or there is nothing to learn.</exception>
    public static BoughtMarginals Buy(Table table, PrivacyTerms terms, DomainOptions options, PrivacySpending spending, SecureBits bits)
    {
        var purchase = new DomainPurchase(table.Schema, options);
        var columns = DeclaredDomains.Varying(table.Schema);
        var phases = purchase.Phases(BudgetShare * DomainPart);

        var plan = NoisePlan.ForPart(
            terms, [.. phases, (Marginals, columns, phases.Count > 0 ? BudgetShare * (1 - DomainPart) : BudgetShare)], terms.Delta * purchase.DeltaShare);
        var (schema, edges) = purchase.Buy(table, terms, plan, spending, bits);
        var encoded = PrivateTable.Encode(table, DeclaredCodec.Of(schema, options.Bins, edges));
        var level = plan.Levels[Marginals];
        spending.Spend(level.Event.Times(columns));
        var noisy = encoded.Cells.Zip(encoded.Sizes, (cells, size) => Noisy(cells, size, level, bits)).ToList();
        var rows = terms.Rows ?? Math.Max(noisy.Sum(n => n.Sum() / n.Length) / noisy.Sum(n => 1.0 / n.Length), 1);
        var codecs = encoded.Codec.Columns.ToArray();
        foreach (var (c, counts) in encoded.Codec.Modelled.Zip(noisy)) codecs[c] = CountedCodec.Of(codecs[c], counts, level.Deviation, rows);
        return new BoughtMarginals(new TableCodec(encoded.Codec.Schema, codecs), rows, PrivacyEventJson.Write(spending.Total), purchase.Bought);
    }

    /// <summary>The rows as symbols and scalars. Which of several overlapping modes a value belongs to is chosen by a secret seed.</summary>
    public MixedRows Encode(Table table, MixedCodec codec)
    {
        var cells = Codec.Encode(table);
        using var coins = new SecureKeystream();
        var (symbols, scalars) = (new ushort[cells.Length][], new float[]?[cells.Length]);
        for (var i = 0; i < cells.Length; i++)
        {
            symbols[i] = cells[i];
            if (Codec.Columns[Codec.Modelled[i]] is not NumericCodec numeric) continue;

            // A missing value in a column that is declared to have none counts as the least.
            var column = (NumericColumn)table[numeric.Schema.Name];
            var values = numeric.MissingCount > 0 ? column.Values : Array.ConvertAll(column.Values, v => double.IsNaN(v) ? numeric.Low : v);
            (symbols[i], scalars[i]) = codec.Columns[i].Encode(
                new NumericColumn(numeric.Schema, values), new SeededStream((long)coins.Next64(), StreamPurpose.ModeChoice, (long)coins.Next64()));
        }

        return new MixedRows(symbols, scalars);
    }

    private static double[] Noisy(ushort[] cells, int size, NoiseLevel level, SecureBits bits)
    {
        var counts = new long[size];
        foreach (var cell in cells) counts[cell]++;
        return Array.ConvertAll(counts, count => level.Noisy(count, bits));
    }
}
