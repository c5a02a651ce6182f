using System.Globalization;
using SynthStudio.Tabular;
using static SynthStudio.Catalog.Tests.Ledger.LedgerFixture;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>The same people are recognised in tables of other columns, and strangers are not.</summary>
[TestClass]
public sealed class RecognitionTests
{
    private const string Other = "projects/p/datasets/other", Third = "projects/p/datasets/third";

    [TestMethod]
    [DataRow("a column more")]
    [DataRow("twelve columns more")]
    [DataRow("a column less")]
    [DataRow("four columns less")]
    [DataRow("other names, columns and rows in another order")]
    [DataRow("a tenth of the rows, three columns less and one more, in another order")]
    [DataRow("half of the rows and as many strangers, a column less")]
    public async Task The_same_people_share_a_budget_whatever_was_done_to_their_table(string change)
    {
        foreach (var people in new[] { Residents(4000, 1), Codes(8000, 1) })
        {
            var random = new Random(7);
            var changed = change switch
            {
                "a column more" => people.With(1, random),
                "twelve columns more" => people.With(12, random),
                "a column less" => people.Without(2),
                "four columns less" => people.Without(1, 3, 4, 6),
                "other names, columns and rows in another order" => people.With(1, random).Shuffled(random),
                "a tenth of the rows, three columns less and one more, in another order" =>
                    people.Part(0, people.Rows.Length / 10).Without(2, 4, 6).With(1, random).Shuffled(random),
                _ => people.Part(0, people.Rows.Length / 2).And(people.IsCoded ? Codes(4000, 2) : Residents(2000, 2)).Without(2),
            };

            // Where all columns have few values, people are not told apart well enough for this.
            if (people.IsCoded && change is [_, _, 't', 'e', ..] or [_, _, _, _, ' ', 'o', 'f', ..]) continue;
            Assert.IsTrue(await AreTheSameAsync(people, changed), $"{change}; coded: {people.IsCoded}");
        }
    }

    [TestMethod]
    public async Task Strangers_in_a_table_of_the_same_columns_have_a_budget_of_their_own()
    {
        Assert.IsFalse(await AreTheSameAsync(Residents(4000, 1), Residents(4000, 2)), "residents");
        Assert.IsFalse(await AreTheSameAsync(Codes(8000, 1), Codes(8000, 2)), "codes");
        Assert.IsFalse(await AreTheSameAsync(Residents(4000, 1), Residents(400, 2).Without(1)), "fewer of them, a column less");
        Assert.IsFalse(await AreTheSameAsync(Residents(4000, 1).Numbered(), Residents(4000, 2).Numbered()), "both numbered from 1");
        var all = Residents(4000, 3);
        Assert.IsFalse(await AreTheSameAsync(all.Part(0, 2000), all.Part(2000, 2000)), "two halves of one table are different people");
    }

    [TestMethod]
    public async Task A_join_is_charged_in_the_populations_of_both_its_tables()
    {
        var random = new Random(3);
        var residents = Residents(1500, 1).Numbered();

        // Each resident has one to three visits.
        var visits = new Sheet([.. residents.Rows.SelectMany(r => Enumerable.Range(0, 1 + random.Next(3)).Select(_ => new[]
        {
            r[0], Text(2000 + (random.NextDouble() * 900)), $"2024-{1 + random.Next(12):00}-{1 + random.Next(28):00}", $"ward {random.Next(9)}", Text(random.NextDouble() * 50),
        }))]);
        var byId = residents.Rows.ToDictionary(r => r[0]);
        var join = new Sheet([.. visits.Rows.Select(v => (string[])[.. v[1..], .. byId[v[0]]])]);
        await using var fixture = await CreateAsync();

        // Without the common key the two tables have nothing in common that a machine could see.
        await RegisterAsync(fixture, Dataset, residents);
        await RegisterAsync(fixture, Other, new Sheet([.. visits.Rows.Select(v => v[1..])]));
        await RegisterAsync(fixture, Third, join.Shuffled(random));

        var (one, other) = ((await fixture.StandingAsync()).Name, (await fixture.StandingAsync(Other)).Name);
        Assert.AreNotEqual(one, other);
        CollectionAssert.AreEquivalent(new[] { one, other }, (await fixture.Ledger.GetBudgetAsync(Third)).Populations.Select(p => p.Name).ToList());

        // A newer table of the residents alone shares people with the join too, but is on record where they are already.
        await RegisterAsync(fixture, "projects/p/datasets/newer", residents.With(1, random));
        CollectionAssert.AreEqual(new[] { one }, (await fixture.Ledger.GetBudgetAsync("projects/p/datasets/newer")).Populations.Select(p => p.Name).ToList());
    }

    [TestMethod]
    public async Task What_cannot_be_told_apart_is_not_claimed_to_be_the_same_unless_every_row_occurs()
    {
        var few = new Sheet([.. Codes(4000, 1).Rows.Select(r => r[..2])]);
        Assert.IsTrue(await AreTheSameAsync(few, few.Shuffled(new Random(1))), "All rows occur: the safe side.");
        Assert.IsFalse(await AreTheSameAsync(Codes(8000, 1).Keep(3), Codes(8000, 2).Keep(3)), "Rows of three codes repeat by chance.");
    }

    private static async Task<bool> AreTheSameAsync(Sheet first, Sheet second)
    {
        await using var fixture = await CreateAsync();
        await RegisterAsync(fixture, Dataset, first);
        await RegisterAsync(fixture, Other, second);
        return (await fixture.StandingAsync()).Name == (await fixture.StandingAsync(Other)).Name;
    }

    private static async Task RegisterAsync(LedgerFixture fixture, string dataset, Sheet table)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(path, [string.Join(',', table.Rows[0].Select((_, i) => $"{dataset[^2..]}{i}")), .. table.Rows.Select(r => string.Join(',', r))]);
            await fixture.Ledger.RegisterAsync(dataset, RowFingerprints.Of(path, "t.csv", fixture.Ledger.FingerprintKey("projects/p")).ToJson());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Text(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>People as registers have them: dates, incomes, towns, and things that go with age.</summary>
    private static Sheet Residents(int rows, int seed)
    {
        var random = new Random(seed);
        return new Sheet([.. Enumerable.Range(0, rows).Select(_ =>
        {
            var age = 18 + random.Next(70);
            return new[]
            {
                age.ToString(CultureInfo.InvariantCulture), Text(Math.Exp(6 + (random.NextDouble() * 3)) + (10 * age)), $"{2026 - age}-{1 + random.Next(12):00}-{1 + random.Next(28):00}",
                $"town {random.Next(60)}", age > 64 ? "retired" : $"job {random.Next(12)}", random.Next(age) > 20 ? "married" : "single", random.Next(2) == 0 ? "f" : "m",
                $"{random.Next(6)} rooms",
            };
        })]);
    }

    /// <summary>Codes of ten related columns, none of more than forty values.</summary>
    private static Sheet Codes(int rows, int seed)
    {
        var random = new Random(seed);
        return new Sheet([.. Enumerable.Range(0, rows).Select(_ =>
        {
            var group = random.Next(5);
            int Few(int most) => Math.Min((int)(most * Math.Pow(random.NextDouble(), 2)), most - 1);
            return Enumerable.Range(0, 10).Select(c => $"c{c}-{(group + Few(12 + (c * 3))) % (12 + (c * 3))}").ToArray();
        })]) { IsCoded = true };
    }

    private sealed record Sheet(string[][] Rows)
    {
        public bool IsCoded { get; init; }

        public Sheet With(int columns, Random random) => this with
        {
            Rows = [.. Rows.Select(r => (string[])[.. Enumerable.Range(0, columns).Select(c => $"new{c} {random.Next(20)}"), .. r])],
        };

        public Sheet Without(params int[] columns) => this with { Rows = [.. Rows.Select(r => r.Where((_, c) => !columns.Contains(c)).ToArray())] };

        public Sheet Keep(int columns) => this with { Rows = [.. Rows.Select(r => r[..columns])] };

        public Sheet Part(int begin, int count) => this with { Rows = Rows[begin..(begin + count)] };

        public Sheet And(Sheet other) => this with { Rows = [.. Rows, .. other.Rows] };

        public Sheet Numbered() => this with { Rows = [.. Rows.Select((r, i) => (string[])[$"{i + 1}", .. r])] };

        public Sheet Shuffled(Random random)
        {
            int[] places = [.. Enumerable.Range(0, Rows[0].Length)];
            random.Shuffle(places);
            var rows = Rows.Select(r => places.Select(p => r[p]).ToArray()).ToArray();
            random.Shuffle(rows);
            return this with { Rows = rows };
        }
    }
}
