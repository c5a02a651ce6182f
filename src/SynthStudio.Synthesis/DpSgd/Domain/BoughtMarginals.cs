using System.Text.Json.Serialization;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.DpSgd.Domain;

/// <summary>
/// One-way marginals of all columns, bought with a small share of the promise: they give the codecs, the network's first guess and, where it is not
/// declared, the number of rows. Kept in checkpoints, so that a training that goes on does not pay for them twice.
/// </summary>
/// <param name="Codec">Of all columns but ignored ones.</param>
/// <param name="Rows">Rows of the table: as declared, or estimated from the noisy counts.</param>
/// <param name="NoiseMultiplier">Standard deviation of the noise over what one unit changes.</param>
/// <param name="Histograms">How many were measured.</param>
internal sealed record BoughtMarginals(TableCodec Codec, double Rows, double NoiseMultiplier, int Histograms)
{
    /// <summary>Share of the promise, in units of the squared mu of Gaussian differential privacy, which adds up.</summary>
    private const double BudgetShare = 0.1;

    /// <summary>What was spent.</summary>
    [JsonIgnore]
    public PrivacyEvent Event => new GaussianEvent(NoiseMultiplier).Times(Histograms);

    /// <summary>Measures the columns.</summary>
    /// <exception cref="SynthesisException">There is nothing to learn.</exception>
    public static BoughtMarginals Buy(Table table, PrivacyTerms terms, PrivacySpending spending)
    {
        var columns = Declared(table.Schema);
        var histograms = columns.Sum(c => c.Histograms.Count);
        if (histograms == 0) throw new SynthesisException(SynthesisError.NothingToLearn, "There is nothing to learn: every column is invented or ignored.");
        var whole = NoiseCalibration.NoiseMultiplier(z => new GaussianEvent(z), Accountants.Get("gdp"), terms.Epsilon, terms.Delta);
        using var counts = new NoisyCounts(Math.Sqrt(histograms / BudgetShare) * whole * terms.MaxRowsPerUnit);
        var multiplier = counts.Sigma / terms.MaxRowsPerUnit;
        spending.Spend(new GaussianEvent(multiplier).Times(histograms));

        var noisy = columns.ConvertAll(c => c.Bins(table[c.Name]).Zip(c.Histograms, counts.Measure).ToList());
        var all = noisy.SelectMany(n => n).ToList();
        var rows = terms.Rows ?? Math.Max(all.Sum(n => n.Sum() / n.Length) / all.Sum(n => 1.0 / n.Length), 1);
        var codecs = columns.Zip(noisy, (column, n) => column.Codec(n, counts.Sigma, rows)).ToList();
        var kept = codecs.ConvertAll(codec => codec.Schema);
        var target = kept.Exists(column => column.Name == table.Schema.Target);
        var schema = table.Schema with { Columns = kept, Target = target ? table.Schema.Target : null, Task = target ? table.Schema.Task : null };
        return new BoughtMarginals(new TableCodec(schema, codecs), rows, multiplier, histograms);
    }

    /// <summary>The cells of the modelled columns, [column][row].</summary>
    public ushort[][] Encode(Table table) => [.. Codec.Modelled.Select(c =>
    {
        var name = Codec.Columns[c].Schema.Name;
        return new DeclaredColumn(name, table.Schema.Domains[name]).Encode(Codec.Columns[c], table[name]);
    })];

    /// <summary>The same as symbols and scalars. Which of several overlapping modes a value belongs to is chosen by a secret seed.</summary>
    public MixedRows Encode(Table table, MixedCodec codec)
    {
        var cells = Encode(table);
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

    private static List<DeclaredColumn> Declared(TableSchema schema) =>
        [.. schema.Columns.Where(column => schema.Domains[column.Name].Kind != ColumnKind.Ignored).Select(column => new DeclaredColumn(column.Name, schema.Domains[column.Name]))];
}
