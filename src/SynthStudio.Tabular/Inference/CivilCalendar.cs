namespace SynthStudio.Tabular;

/// <summary>
/// Days and dates of the proleptic Gregorian calendar, years 0 to 9999. <see cref="DateTime"/> begins with year 1, and sources have a year 0.
/// Formulas: Howard Hinnant, "chrono-compatible low-level date algorithms", sections days_from_civil and civil_from_days.
/// </summary>
internal static class CivilCalendar
{
    public const double SecondsPerDay = 86400;

    /// <summary>Days since 1970-01-01; false when there is no such date.</summary>
    public static bool TryDays(int year, int month, int day, out int days)
    {
        days = 0;
        if ((uint)year > 9999 || month is < 1 or > 12 || day < 1 || day > DaysInMonth(year, month))
        {
            return false;
        }

        var y = year - (month <= 2 ? 1 : 0);
        var era = (y >= 0 ? y : y - 399) / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        days = (era * 146097) + dayOfEra - 719468;
        return true;
    }

    /// <summary>The date of a day counted from 1970-01-01.</summary>
    public static (int Year, int Month, int Day) Date(long days)
    {
        var z = days + 719468;
        var era = (z >= 0 ? z : z - 146096) / 146097;
        var dayOfEra = z - (era * 146097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36524) - (dayOfEra / 146096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var day = (int)(dayOfYear - (((153 * month) + 2) / 5) + 1);
        month += month < 10 ? 3 : -9;
        return ((int)(yearOfEra + (era * 400) + (month <= 2 ? 1 : 0)), (int)month, day);
    }

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 => (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };
}
