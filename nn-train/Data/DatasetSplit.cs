// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>
/// Which images of a data set. The validation images are the last <see cref="DatasetDescription.ValidationImages"/> of the
/// training files in the order of the files, whatever the seed; settings are chosen on them, and the test set is for
/// reporting only.
/// </summary>
public enum DatasetSplit
{
    /// <summary>The training files without the validation images.</summary>
    Training,

    /// <summary>The last images of the training files.</summary>
    Validation,

    /// <summary>The training files as they are: <see cref="Training"/>, then <see cref="Validation"/>.</summary>
    TrainingAndValidation,

    /// <summary>The test files.</summary>
    Test,
}
