namespace SynthStudio.Evaluation.Boosting;

/// <summary>What happens when LightGBM does not do its work.</summary>
internal static class BoostingGuard
{
    /// <summary>
    /// Runs what needs LightGBM; when it refuses the data, says so instead of leaving the metrics
    /// out. That it is missing fails the evaluation.
    /// </summary>
    public static void Run(EvaluationContext context, string[] metrics, Action measure)
    {
        try
        {
            measure();
        }
        catch (BoostingException failure)
        {
            context.SkipAll(metrics, failure.Message);
        }
        catch (AggregateException failures) when (failures.Flatten().InnerExceptions.All(inner => inner is BoostingException))
        {
            context.SkipAll(metrics, failures.Flatten().InnerExceptions[0].Message);
        }
        catch (AggregateException failures) when (failures.Flatten().InnerExceptions.OfType<BoostingUnavailableException>().FirstOrDefault() is { } missing)
        {
            throw new BoostingUnavailableException(missing.Message, failures);
        }
    }
}
