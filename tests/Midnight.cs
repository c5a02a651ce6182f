namespace SynthStudio;

/// <summary>
/// Quotas of a day and of a month begin anew at midnight, UTC: a test that counts on one has to be over
/// before. Compiled into every test project.
/// </summary>
internal static class Midnight
{
    /// <summary>Longer than such a test takes.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(1);

    /// <summary>Waits until midnight has passed, where it is near.</summary>
    public static async Task LetPassAsync(CancellationToken cancellation)
    {
        while (TimeSpan.FromDays(1) - TimeProvider.System.GetUtcNow().TimeOfDay is var left && left < Near) await Task.Delay(left, cancellation);
    }
}
