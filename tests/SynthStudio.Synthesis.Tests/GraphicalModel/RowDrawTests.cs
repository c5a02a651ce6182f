using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Tests.GraphicalModel;

[TestClass]
public sealed class RowDrawTests
{
    [TestMethod]
    public void Counts_of_the_first_column_are_within_one_of_what_the_model_expects()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = BruteForce.RandomModel(seed);
            model.Calibrate();
            var first = model.Tree.Nodes[model.Tree.Order[0]].Attributes[0];
            var clique = model.Tree.Domain.Clique(first);
            var expected = new BruteForce(model).Marginal(clique);

            var drawn = RowDraw.Draw(model, 777, new SeededStream(seed, StreamPurpose.SampledTokens, 0), CancellationToken.None);

            for (var value = 0; value < expected.Length; value++)
                Assert.IsLessThan(1 + 1e-6, Math.Abs(drawn[first].Count(v => v == value) - 777 * expected[value]), $"seed {seed}");
        }
    }

    [TestMethod]
    public void All_pairs_follow_the_model()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var model = BruteForce.RandomModel(seed);
            model.Calibrate();
            var truth = new BruteForce(model);
            var domain = model.Tree.Domain;

            var drawn = RowDraw.Draw(model, 50_000, new SeededStream(seed, StreamPurpose.SampledTokens, 0), CancellationToken.None);

            for (var a = 0; a < domain.Attributes; a++)
            {
                for (var b = a + 1; b < domain.Attributes; b++)
                {
                    var pair = domain.Clique(a, b);
                    var counts = new double[(int)domain.Cells(pair)];
                    for (var row = 0; row < 50_000; row++)
                        counts[drawn[pair.Attributes[0]][row] * domain[pair.Attributes[1]] + drawn[pair.Attributes[1]][row]]
                            += 1 / 50_000.0;
                    Assert.IsLessThan(0.02, truth.Marginal(pair).Zip(counts, (p, q) => Math.Abs(p - q)).Sum() / 2, $"seed {seed}");
                }
            }
        }
    }
}
