namespace SynthStudio.Tabular.Tests;

[TestClass]
public sealed class AheadTests
{
    [TestMethod]
    public void ItemsComeInOrderAndEachIsDisposedBeforeTheNext()
    {
        var made = new List<Item>();
        var taken = new List<int>();

        foreach (var item in Ahead.Of(_ => Make(made, 100), CancellationToken.None))
        {
            Assert.IsFalse(item.Disposed);
            Assert.IsTrue(made.Take(item.Number).All(before => before.Disposed));
            taken.Add(item.Number);
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToList(), taken);
        Assert.IsTrue(made.TrueForAll(item => item.Disposed));
    }

    [TestMethod]
    public void AFailureOfTheMakerReachesTheTakerAfterWhatWasMadeBefore()
    {
        var made = new List<Item>();
        var taken = 0;

        var failure = Assert.ThrowsExactly<InvalidDataException>(() =>
        {
            foreach (var item in Ahead.Of(_ => Make(made, 5, new InvalidDataException("torn")), CancellationToken.None))
            {
                taken++;
            }
        });

        Assert.AreEqual("torn", failure.Message);
        Assert.AreEqual(5, taken);
        Assert.IsTrue(made.TrueForAll(item => item.Disposed));
    }

    [TestMethod]
    public void WhoLeavesEarlyLeavesNothingBehind()
    {
        var made = new List<Item>();
        var ended = false;

        foreach (var item in Ahead.Of(Endless, CancellationToken.None))
        {
            if (item.Number == 3)
            {
                break;
            }
        }

        Assert.IsTrue(ended);
        Assert.IsTrue(made.TrueForAll(item => item.Disposed));

        IEnumerable<Item> Endless(CancellationToken stop)
        {
            try
            {
                foreach (var item in Make(made, int.MaxValue))
                {
                    stop.ThrowIfCancellationRequested();
                    yield return item;
                }
            }
            finally
            {
                ended = true;
                made[^1].Dispose();
            }
        }
    }

    [TestMethod]
    public void CancellationEndsBothSides()
    {
        using var cancellation = new CancellationTokenSource();
        var made = new List<Item>();

        Assert.ThrowsExactly<OperationCanceledException>(() =>
        {
            foreach (var item in Ahead.Of(_ => Make(made, int.MaxValue), cancellation.Token))
            {
                cancellation.Cancel();
            }
        });

        Assert.IsTrue(made.TrueForAll(item => item.Disposed));
    }

    private static IEnumerable<Item> Make(List<Item> made, int count, Exception? failure = null)
    {
        for (var number = 0; number < count; number++)
        {
            var item = new Item(number);
            made.Add(item);
            yield return item;
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private sealed class Item(int number) : IDisposable
    {
        public int Number { get; } = number;

        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
