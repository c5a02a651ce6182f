namespace SynthStudio.Synthesis.Tests;

/// <summary>One trained model of <see cref="TestTables.Shop"/> for all tests that only use one.</summary>
internal static class ShopModel
{
    private static readonly Lazy<ITabularModel> Model = new(() => AutoregressiveTests.Fit(TestTables.Shop(3_000), steps: 1_200));

    public static ITabularModel Trained => Model.Value;
}
