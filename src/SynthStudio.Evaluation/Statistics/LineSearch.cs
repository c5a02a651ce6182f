namespace SynthStudio.Evaluation.Statistics;

/// <summary>
/// The line search of Moré and Thuente (ACM TOMS 20, 1994, 286-307), with the constants of L-BFGS-B: a step with sufficient decrease (0.001)
/// and small slope (0.9), found by cubic and quadratic interpolation. A minimisation that is broken off before it converges ends where
/// others end that search alike.
/// </summary>
internal sealed class LineSearch
{
    private const double SufficientDecrease = 1e-3;
    private const double SmallSlope = 0.9;
    private const double NarrowInterval = 0.1;
    private const double LongestStep = 1e10;

    private readonly double firstValue, firstSlope, expected;
    private double width = LongestStep, widthBefore = 2 * LongestStep, least, most;
    private bool isBracketed, seeksDecrease = true;
    private Trial best, other;

    /// <param name="value">The function's value at the start.</param>
    /// <param name="slope">Its slope in the direction of the search, negative.</param>
    /// <param name="firstStep">The step that is tried first.</param>
    public LineSearch(double value, double slope, double firstStep)
    {
        (firstValue, firstSlope, expected) = (value, slope, SufficientDecrease * slope);
        best = other = new Trial(0, value, slope);
        (Step, most) = (firstStep, 5 * firstStep);
    }

    /// <summary>The step to try.</summary>
    public double Step { get; private set; }

    /// <summary>Takes value and slope at <see cref="Step"/>. True when that step is to be made; otherwise <see cref="Step"/> is the next one to try.</summary>
    public bool Accepts(double value, double slope)
    {
        var limit = firstValue + (Step * expected);
        seeksDecrease &= !(value <= limit && slope >= 0);
        var isStuck = isBracketed && (Step <= least || Step >= most || most - least <= NarrowInterval * most);
        if (isStuck || (value <= limit && Math.Abs(slope) <= SmallSlope * -firstSlope) || (Step >= LongestStep && value <= limit && slope <= expected))
        {
            return true;
        }

        var tried = new Trial(Step, value, slope);
        if (seeksDecrease && value <= best.Value && value > limit)
        {
            // Less the decrease that is expected: its minimum satisfies the first condition.
            var (lower, upper) = (best.Less(expected), other.Less(expected));
            Step = Next(ref lower, ref upper, tried.Less(expected));
            (best, other) = (lower.Less(-expected), upper.Less(-expected));
        }
        else
        {
            Step = Next(ref best, ref other, tried);
        }

        Narrow();
        return false;
    }

    private void Narrow()
    {
        if (isBracketed)
        {
            var interval = Math.Abs(other.Step - best.Step);
            if (interval >= 0.66 * widthBefore)
            {
                Step = best.Step + (0.5 * (other.Step - best.Step));
            }

            (widthBefore, width) = (width, interval);
            (least, most) = (Math.Min(best.Step, other.Step), Math.Max(best.Step, other.Step));
        }
        else
        {
            (least, most) = (Step + (1.1 * (Step - best.Step)), Step + (4 * (Step - best.Step)));
        }

        Step = Math.Clamp(Step, 0, LongestStep);
        if (isBracketed && (Step <= least || Step >= most || most - least <= NarrowInterval * most))
        {
            Step = best.Step;
        }
    }

    /// <summary>The safeguarded step from the best trial and the newest, and the interval that holds a minimum (dcstep of MINPACK-2).</summary>
    private double Next(ref Trial lower, ref Trial upper, Trial tried)
    {
        var opposite = tried.Slope * Math.Sign(lower.Slope) < 0;
        double next;
        if (tried.Value > lower.Value)
        {
            var cubic = Cubic(lower, tried, tried.Step < lower.Step);
            var quadratic = lower.Step
                + (lower.Slope / (((lower.Value - tried.Value) / (tried.Step - lower.Step)) + lower.Slope) / 2 * (tried.Step - lower.Step));
            next = Math.Abs(cubic - lower.Step) < Math.Abs(quadratic - lower.Step) ? cubic : cubic + ((quadratic - cubic) / 2);
            isBracketed = true;
        }
        else if (opposite)
        {
            var (cubic, secant) = (Cubic(tried, lower, tried.Step > lower.Step), Secant(lower, tried));
            next = Math.Abs(cubic - tried.Step) > Math.Abs(secant - tried.Step) ? cubic : secant;
            isBracketed = true;
        }
        else if (Math.Abs(tried.Slope) < Math.Abs(lower.Slope))
        {
            next = Extrapolated(lower, upper, tried);
        }
        else
        {
            next = isBracketed ? Cubic(tried, upper, tried.Step > upper.Step) : tried.Step > lower.Step ? most : least;
        }

        if (tried.Value > lower.Value)
        {
            upper = tried;
        }
        else
        {
            (upper, lower) = (opposite ? lower : upper, tried);
        }

        return next;
    }

    private double Extrapolated(Trial lower, Trial upper, Trial tried)
    {
        var theta = Theta(lower, tried);
        var scale = Scale(theta, lower.Slope, tried.Slope);
        var gamma = scale * Math.Sqrt(Math.Max(0, (theta / scale * (theta / scale)) - (lower.Slope / scale * (tried.Slope / scale))));
        gamma = tried.Step > lower.Step ? -gamma : gamma;
        var share = (gamma - tried.Slope + theta) / (gamma + (lower.Slope - tried.Slope) + gamma);
        var cubic = share < 0 && gamma != 0 ? tried.Step + (share * (lower.Step - tried.Step)) : tried.Step > lower.Step ? most : least;
        var secant = Secant(lower, tried);
        var isCubicNearer = Math.Abs(cubic - tried.Step) < Math.Abs(secant - tried.Step);
        if (!isBracketed)
        {
            return Math.Clamp(isCubicNearer ? secant : cubic, least, most);
        }

        var next = isCubicNearer ? cubic : secant;
        var bound = tried.Step + (0.66 * (upper.Step - tried.Step));
        return tried.Step > lower.Step ? Math.Min(bound, next) : Math.Max(bound, next);
    }

    /// <summary>The minimum of the cubic through two trials, reckoned from the first.</summary>
    private static double Cubic(Trial from, Trial to, bool isNegative)
    {
        var theta = Theta(from, to);
        var scale = Scale(theta, from.Slope, to.Slope);
        var gamma = scale * Math.Sqrt((theta / scale * (theta / scale)) - (from.Slope / scale * (to.Slope / scale)));
        gamma = isNegative ? -gamma : gamma;
        return from.Step + ((gamma - from.Slope + theta) / (gamma - from.Slope + gamma + to.Slope) * (to.Step - from.Step));
    }

    private static double Secant(Trial lower, Trial tried) => tried.Step + (tried.Slope / (tried.Slope - lower.Slope) * (lower.Step - tried.Step));

    private static double Theta(Trial one, Trial two) => (3 * (one.Value - two.Value) / (two.Step - one.Step)) + one.Slope + two.Slope;

    private static double Scale(double theta, double one, double two) => Math.Max(Math.Abs(theta), Math.Max(Math.Abs(one), Math.Abs(two)));

    /// <summary>Value and slope at a step.</summary>
    private readonly record struct Trial(double Step, double Value, double Slope)
    {
        /// <summary>The same of the function less a line.</summary>
        public Trial Less(double slope) => new(Step, Value - (Step * slope), Slope - slope);
    }
}
