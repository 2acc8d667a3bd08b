// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using NnTrain.Inspection;

namespace NnTrain.Training;

/// <summary>One epoch of a training.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Epoch">The epoch, counted from 1 in the phase.</param>
/// <param name="LearningRate">The rate of its last step.</param>
/// <param name="TrainingLoss">Mean loss over its batches, as they were trained.</param>
/// <param name="TrainingAccuracy">Share of its images that were right, as they were trained.</param>
/// <param name="ValidationAccuracy">Share of the validation images that are right after it; null without such images.</param>
public sealed record EpochResult(
    TrainingPhase Phase, int Epoch, double LearningRate, double TrainingLoss, double TrainingAccuracy, double? ValidationAccuracy);

/// <summary>Writes <c>history.csv</c> and <c>ranges.csv</c>.</summary>
public static class History
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "history.csv";

    /// <summary>Name of the file of ranges.</summary>
    public const string RangesFileName = "ranges.csv";

    private const string RangesHeader = "epoch,layer,tensor,least_step,greatest_step,limit" + CsvLine.End;
    private const string Header = "phase,epoch,learning_rate,training_loss,training_accuracy,validation_accuracy" + CsvLine.End;

    /// <summary>The epochs as a table with a header; numbers so that they read back to the same bits.</summary>
    public static string ToCsv(IEnumerable<EpochResult> epochs)
    {
        StringBuilder text = new(Header);
        foreach (EpochResult row in epochs)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{EnumNames.Of(row.Phase)},{row.Epoch},{row.LearningRate:R},{row.TrainingLoss:R},{row.TrainingAccuracy:R},{row.ValidationAccuracy:R}{CsvLine.End}");
        }
        return text.ToString();
    }

    /// <summary>The ranges after each epoch of the quantised phase as a table with a header; numbers so that they read back to the same bits.</summary>
    public static string ToCsv(IEnumerable<QuantizedRange> ranges)
    {
        StringBuilder text = new(RangesHeader);
        foreach (QuantizedRange row in ranges)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Epoch},{row.Layer},{EnumNames.Of(row.Tensor)},{row.LeastStep:R},{row.GreatestStep:R},{row.Limit:R}{CsvLine.End}");
        }
        return text.ToString();
    }

    /// <summary>Writes the files of a training into its folder; <c>ranges.csv</c> where there are any.</summary>
    public static void Save(string directory, IEnumerable<EpochResult> epochs, IReadOnlyCollection<QuantizedRange> ranges)
    {
        File.WriteAllText(Path.Combine(directory, FileName), ToCsv(epochs));
        if (ranges.Count > 0)
        {
            File.WriteAllText(Path.Combine(directory, RangesFileName), ToCsv(ranges));
        }
    }
}
