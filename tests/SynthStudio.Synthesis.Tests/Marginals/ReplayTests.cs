using System.Text.Json;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.DpSgd;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Marginals;

/// <summary>
/// The same noise on tables that differ in one row: whatever is public must come out the same (after dp-recorder, arXiv:2602.17454). Kinds,
/// categories, bounds or the number of rows read from the data turn these red.
/// </summary>
[TestClass]
public sealed class ReplayTests
{
    private static readonly object?[][] Hostile =
    [
        ["k", "atlantis", 18.0, 0.0, 0.0, "yes"],
        ["k", null, 1e308, -1e308, 1e15, "maybe"],
        ["k", "north", -5.0, double.NaN, -1e15, "no"],
        [null, "", 97.0, 1e-300, 0.0, "no"],
        ["k", "east", 60.0, 500.0, 86_400.0, "yes"],
    ];

    [TestMethod]
    [DataRow("mst")]
    [DataRow("tree")]
    [DataRow("aim")]
    public void One_row_more_changes_nothing_public(string method)
    {
        var rows = PrivateShop.RowsOf(PrivateShop.Rows(3_000));
        var facts = Record(method, PrivateShop.TableOf(rows, PrivateShop.Schema));
        for (var i = 0; i < Hostile.Length; i++)
        {
            // Some in front: dictionaries then begin with the new row's texts.
            var neighbour = i % 2 == 0 ? rows.Prepend(Hostile[i]) : rows.Append(Hostile[i]);
            Assert.AreEqual(facts, Record(method, PrivateShop.TableOf([.. neighbour], PrivateShop.Schema)), $"hostile row {i}");
        }
    }

    [TestMethod]
    public void What_networks_buy_before_their_first_step_costs_and_looks_the_same_with_one_row_more()
    {
        var rows = PrivateShop.RowsOf(PrivateShop.Rows(3_000));
        var facts = Bought(PrivateShop.TableOf(rows, PrivateShop.Schema));
        for (var i = 0; i < Hostile.Length; i++)
            Assert.AreEqual(facts, Bought(PrivateShop.TableOf([Hostile[i], .. rows], PrivateShop.Schema)), $"hostile row {i}");

        static string Bought(Table table)
        {
            var terms = new PrivacyTerms { Epsilon = 2, Delta = 1e-6, Rows = 3_000 };
            var bought = BoughtMarginals.Buy(
                table, terms, new DomainOptions(32, false, false, BuysEdges: false), new PrivacySpending(terms, new Observer()), new ReplayedBits(1).Make());
            return bought.EventJson + string.Join(';', bought.Codec.Columns.Select(codec => codec switch
            {
                CategoryCodec c => $"{c.Schema} {string.Join(',', c.Categories)} {c.MissingCount > 0}",
                NumericCodec n => $"{n.Schema} {n.Low} {n.High} {n.Grid} {n.MissingCount > 0}",
                _ => codec.Schema.ToString(),
            }));
        }
    }

    [TestMethod]
    public void A_category_that_was_read_from_the_data_would_be_seen()
    {
        // The fault planted: the domain lists what the table holds.
        var rows = PrivateShop.RowsOf(PrivateShop.Rows(1_000));
        var facts = Record("mst", FromData(rows));

        Assert.AreNotEqual(facts, Record("mst", FromData([.. rows, Hostile[0]])));

        static Table FromData(List<object?[]> rows)
        {
            var seen = rows.Select(r => (string?)r[1]).OfType<string>().Where(t => t.Length > 0).Distinct().ToArray();
            var domains = new Dictionary<string, ColumnDomain>(PrivateShop.Schema.Domains) { ["region"] = PrivateShop.Schema.Domains["region"] with { Values = seen } };
            return PrivateShop.TableOf(rows, PrivateShop.Schema with { Domains = domains });
        }
    }

    [TestMethod]
    public void A_number_of_rows_that_was_read_from_the_data_would_be_seen()
    {
        var rows = PrivateShop.RowsOf(PrivateShop.Rows(1_000));
        var facts = Record("mst", PrivateShop.TableOf(rows, PrivateShop.Schema), rows.Count);

        Assert.AreNotEqual(facts, Record("mst", PrivateShop.TableOf([.. rows, Hostile[0]], PrivateShop.Schema), rows.Count + 1));
    }

    /// <summary>Everything public of the package: codec, shapes, events, manifest. Which pairs were chosen is not: noisy counts decide it.</summary>
    private static string Record(string method, Table table, long rows = 3_000)
    {
        var bits = new ReplayedBits(1);
        using var model = PrivateShop.Train(PrivateShop.Method(method, bits.Make), table, terms: new PrivacyTerms { Epsilon = 2, Delta = 1e-6, Rows = rows });
        using var file = AutoregressiveTests.Save(model);
        var package = ModelPackage.Open(file);
        var manifest = package.Manifest with
        {
            Entries = new Dictionary<string, string>(),
            Metrics = new Dictionary<string, double> { ["epsilon"] = package.Manifest.Metrics["epsilon"] },
        };
        return JsonSerializer.Serialize(manifest) + System.Text.Encoding.UTF8.GetString(package["codec.json"])
            + string.Join(',', package.Manifest.Entries.Keys) + string.Join(',', model.Schema.Columns.Select(c => c.ToString()));
    }
}
