"""The trusted kernel behind ``normal_form``: forms, binders, translation and the zero test."""
